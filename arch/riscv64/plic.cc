// Lines, contexts, claim and complete.
#include "arch/riscv64/plic.h"

#include "arch/riscv64/raw_lock.h"
#include "base/log.h"
#include "machine/boot_info.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "machine/upcalls.h"

namespace arch::riscv64 {
namespace {

using kernel::machine::device_read;
using kernel::machine::device_write;
using kernel::machine::IrqLine;

/// Chapter 3: the memory map.
constexpr u32 kMaxLine = 1023;
constexpr u64 kEnables = 0x2000;
constexpr u64 kEnablesStride = 0x80;
constexpr u64 kContexts = 0x20'0000;
constexpr u64 kContextStride = 0x1000;
constexpr u64 kThreshold = 0;
constexpr u64 kClaim = 4;
constexpr u32 kOnePriority = 1;  // all lines alike; 0 would never interrupt

struct Plic {
    VirtAddr registers;
    u64 size = 0;
    u32 lines = 0;  // 0: there is none

    VirtAddr priority(IrqLine line) const { return registers + 4 * u64{line}; }
    VirtAddr enables(u32 context, IrqLine line) const {
        return registers + kEnables + kEnablesStride * context + line / 32 * 4;
    }
    VirtAddr context(u32 number) const { return registers + kContexts + kContextStride * number; }
    bool has_context(u32 number) const {
        return lines != 0 && number != boot::kNoContext &&
               kContexts + kContextStride * (u64{number} + 1) <= size;
    }
};

constinit Plic plic;         // const after init_plic(); the registers are not
constinit RawLock enabling;  // read-modify-write of the enable words

void set_enabled(u32 context, IrqLine line, bool enabled) {
    const VirtAddr word = plic.enables(context, line);
    const u32 bit = u32{1} << line % 32;
    const u32 before = device_read<u32>(word);
    device_write<u32>(word, enabled ? before | bit : before & ~bit);
}

}  // namespace

void init_plic(const boot::MachineDescription& machine) {
    if (!machine.plic) return;
    const boot::PlicDescription& found = *machine.plic;
    if (found.registers.size < kContexts + kContextStride || found.lines == 0 ||
        found.lines > kMaxLine) {
        kernel::klog("plic: {} lines in {:x} bytes make no sense: devices will be silent",
                     found.lines, found.registers.size);
        return;
    }
    const Result<VirtAddr> mapped =
        kernel::machine::map_device(found.registers.start, found.registers.size);
    if (!mapped.ok()) {
        kernel::klog("plic: cannot map {:x}+{:x}: devices will be silent",
                     found.registers.start.value, found.registers.size);
        return;
    }
    plic = {.registers = mapped.value(), .size = found.registers.size, .lines = found.lines};
}

void open_plic_context(HartBlock& self) {
    if (!plic.has_context(self.plic_context)) return;
    // An earlier stage may have left lines enabled.
    for (IrqLine line = 0; line <= plic.lines; line += 32) {
        device_write<u32>(plic.enables(self.plic_context, line), 0);
    }
    device_write<u32>(plic.context(self.plic_context) + kThreshold, 0);
}

void take_external_interrupts() {
    const HartBlock& self = this_hart();
    if (!plic.has_context(self.plic_context)) return;
    const VirtAddr claim = plic.context(self.plic_context) + kClaim;
    // Ends when nothing waits; a line cannot come back before it is completed, and each is
    // completed once per claim.
    for (IrqLine line = device_read<u32>(claim); line != 0; line = device_read<u32>(claim)) {
        kernel::machine::upcalls::external(line);
        device_write<u32>(claim, line);
    }
}

}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::plic;

Result<void> enable_line(IrqLine line, HartIndex hart) {
    if (line == 0 || line > plic.lines || hart >= hart_count()) return Error::kNoDevice;
    const u32 context = arch::riscv64::hart_blocks[hart].plic_context;
    if (!plic.has_context(context)) return Error::kNoDevice;
    const arch::riscv64::RawGuard guard(arch::riscv64::enabling);
    device_write<u32>(plic.priority(line), arch::riscv64::kOnePriority);
    arch::riscv64::set_enabled(context, line, true);
    return {};
}

void disable_line(IrqLine line) {
    if (line == 0 || line > plic.lines) return;
    const arch::riscv64::RawGuard guard(arch::riscv64::enabling);
    for (HartIndex hart = 0; hart < hart_count(); ++hart) {
        const u32 context = arch::riscv64::hart_blocks[hart].plic_context;
        if (plic.has_context(context)) arch::riscv64::set_enabled(context, line, false);
    }
}

}  // namespace kernel::machine
