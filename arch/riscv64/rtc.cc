// The goldfish real-time clock: nanoseconds since 1970 in two registers.
#include "arch/riscv64/rtc.h"

#include "arch/riscv64/platform/raw_lock.h"
#include "machine/clock.h"
#include "machine/memory.h"

namespace arch::riscv64 {
namespace {

constexpr u64 kTimeLow = 0;  // reading it latches the other half
constexpr u64 kTimeHigh = 4;

constinit VirtAddr registers{};  // const after init_rtc(); zero: none
constinit RawLock reading;       // the two reads belong together

}  // namespace

void init_rtc(const boot::MachineDescription& machine) {
    if (!machine.rtc) return;
    const Result<VirtAddr> mapped = kernel::machine::map_device(machine.rtc->start, 8);
    if (mapped.ok()) registers = mapped.value();
}

}  // namespace arch::riscv64

namespace kernel::machine {

std::optional<Nanos> wall_clock() {
    using arch::riscv64::registers;
    if (registers.value == 0) return std::nullopt;
    const arch::riscv64::RawGuard guard(arch::riscv64::reading);
    const u32 low = device_read<u32>(registers + arch::riscv64::kTimeLow);
    const u32 high = device_read<u32>(registers + arch::riscv64::kTimeHigh);
    return Nanos{u64{high} << 32 | low};
}

}  // namespace kernel::machine
