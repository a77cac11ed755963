// Power off and restart: the test finisher, semihosting if asked for, firmware, and at last a
// message.
#include "arch/riscv64/power.h"

#include "arch/riscv64/sbi.h"
#include "machine/boot_info.h"
#include "machine/console.h"
#include "machine/memory.h"
#include "machine/power.h"

extern "C" std::uint64_t riscv64_semihosting_call(std::uint64_t operation, const void* block);

namespace arch::riscv64 {
namespace {

using kernel::machine::device_write;
using kernel::machine::early_console_write;

/// The sifive,test0 finisher of QEMU's virt.
constexpr u32 kFinisherPass = 0x5555;
constexpr u32 kFinisherFail = 0x3333;  // | status << 16
constexpr u32 kFinisherReset = 0x7777;

constinit VirtAddr finisher{};       // const after init_power(); zero: none
constinit bool semihosting = false;  // const after init_power()

/// Semihosting for RISC-V 0.4: SYS_EXIT_EXTENDED. Without a listener the call is a breakpoint, so
/// only the boot argument asks for it.
void exit_by_semihosting(u8 status) {
    constexpr u64 kExitExtended = 0x20;
    constexpr u64 kApplicationExit = 0x20026;
    const u64 block[2] = {kApplicationExit, status};
    (void)riscv64_semihosting_call(kExitExtended,
                                   block);  // ignored: it does not return if it works
}

[[noreturn]] void wait_for_ever(std::string_view message) {
    early_console_write(message);
    for (;;) asm volatile("wfi");  // intended: there is no way out
}

}  // namespace

void init_power(const boot::MachineDescription& machine) {
    semihosting = kernel::machine::boot_arg("semihosting") == "1";
    if (!machine.finisher) return;
    const Result<VirtAddr> mapped =
        kernel::machine::map_device(machine.finisher->start, sizeof(u32));
    if (mapped.ok()) finisher = mapped.value();
}

}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::finisher;
namespace sbi = arch::riscv64::sbi;

void power_off(u8 status) {
    (void)disable_interrupts();  // ignored: they stay off for good
    if (finisher.value != 0) {
        device_write<u32>(finisher, status == 0 ? arch::riscv64::kFinisherPass
                                                : arch::riscv64::kFinisherFail | u32{status} << 16);
    }
    if (arch::riscv64::semihosting) arch::riscv64::exit_by_semihosting(status);
    // Each of these returns where it is not implemented, and may be refused although it is listed.
    (void)sbi::reset(  // ignored: the next way is tried
        sbi::ResetType::kShutdown,
        status == 0 ? sbi::ResetReason::kNone : sbi::ResetReason::kSystemFailure);
    (void)sbi::reset(sbi::ResetType::kColdReboot, sbi::ResetReason::kNone);  // ignored: as above
    (void)sbi::call(sbi::Extension::kLegacyShutdown, 0);                     // ignored: as above
    arch::riscv64::wait_for_ever("\nIt is now safe to switch off the machine.\n");
}

void reboot() {
    (void)disable_interrupts();  // ignored: they stay off for good
    if (finisher.value != 0) device_write<u32>(finisher, arch::riscv64::kFinisherReset);
    (void)sbi::reset(sbi::ResetType::kColdReboot, sbi::ResetReason::kNone);  // ignored: next way
    (void)sbi::reset(sbi::ResetType::kWarmReboot, sbi::ResetReason::kNone);  // ignored: next way
    power_off(0);
}

}  // namespace kernel::machine
