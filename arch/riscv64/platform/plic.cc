// Lines, contexts, claim and complete.
#include "arch/riscv64/platform/plic.h"

#include "base/assert.h"
#include "base/log.h"
#include "machine/memory.h"

namespace arch::riscv64 {
namespace {

using kernel::machine::device_read;
using kernel::machine::device_write;

// Chapter 3: the memory map.
constexpr u32 kMaxLine = 1023;
constexpr u32 kMaxContexts = 15872;
constexpr u64 kEnables = 0x2000;
constexpr u64 kEnablesStride = 0x80;
constexpr u64 kContexts = 0x20'0000;
constexpr u64 kContextStride = 0x1000;
constexpr u64 kThreshold = 0;
constexpr u64 kClaim = 4;
constexpr u32 kOnePriority = 1;  // all lines alike; 0 would never interrupt
static_assert(kEnables + kMaxContexts * kEnablesStride <= kContexts);

}  // namespace

VirtAddr Plic::priority(IrqLine line) const { return registers_ + 4 * u64{line}; }

VirtAddr Plic::enables(u32 context, IrqLine line) const {
    return registers_ + kEnables + kEnablesStride * context + line / 32 * 4;
}

VirtAddr Plic::context_registers(u32 context) const {
    return registers_ + kContexts + kContextStride * context;
}

std::optional<u32> Plic::context_of(HartIndex hart) const {
    if (lines_ == 0 || hart >= harts_) return std::nullopt;
    const u32 context = contexts_[hart];
    if (context == boot::kNoContext || context >= kMaxContexts) return std::nullopt;
    if (kContexts + kContextStride * (u64{context} + 1) > size_) return std::nullopt;
    return context;
}

void Plic::init(const boot::MachineDescription& machine) {
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
    registers_ = mapped.value();
    size_ = found.registers.size;
    lines_ = found.lines;
    harts_ = machine.info.hart_count;
    for (HartIndex hart = 0; hart < harts_; ++hart) {
        contexts_[hart] = machine.harts[hart].plic_context;
    }
}

void Plic::open_context(HartIndex hart) {
    const std::optional<u32> context = context_of(hart);
    if (!context) return;
    // An earlier stage may have left lines enabled.
    for (IrqLine line = 0; line <= lines_; line += 32) {
        device_write<u32>(enables(*context, line), 0);
    }
    device_write<u32>(context_registers(*context) + kThreshold, 0);
}

bool Plic::is_enabled(u32 context, IrqLine line) const {
    return (device_read<u32>(enables(context, line)) >> line % 32 & 1) != 0;
}

void Plic::set_enabled(u32 context, IrqLine line, bool enabled) {
    const VirtAddr word = enables(context, line);
    const u32 bit = u32{1} << line % 32;
    const u32 before = device_read<u32>(word);
    device_write<u32>(word, enabled ? before | bit : before & ~bit);
}

Result<void> Plic::enable(IrqLine line, HartIndex hart) {
    const std::optional<u32> context = context_of(hart);
    if (!context || line == 0 || line > lines_) return Error::kNoDevice;
    const RawGuard guard(enabling_);
    device_write<u32>(priority(line), kOnePriority);
    set_enabled(*context, line, true);
    return {};
}

void Plic::disable(IrqLine line) {
    if (line == 0 || line > lines_) return;
    const RawGuard guard(enabling_);
    for (HartIndex hart = 0; hart < harts_; ++hart) {
        const std::optional<u32> context = context_of(hart);
        if (context) set_enabled(*context, line, false);
    }
}

void Plic::complete(u32 context, IrqLine line) {
    const VirtAddr claim = context_registers(context) + kClaim;
    const RawGuard guard(enabling_);
    if (is_enabled(context, line)) {
        device_write<u32>(claim, line);
        return;
    }
    // Disabled since it was claimed. The controller ignores the completion of a line that is not
    // enabled in this context ("Interrupt Completion"), and would never deliver the line again.
    set_enabled(context, line, true);
    device_write<u32>(claim, line);
    set_enabled(context, line, false);
}

void Plic::take(HartIndex hart, Deliver deliver) {
    const std::optional<u32> context = context_of(hart);
    if (!context) return;
    const VirtAddr claim = context_registers(*context) + kClaim;
    // Ends when nothing waits; a line cannot come back before it is completed, and each is
    // completed once per claim.
    for (IrqLine line = device_read<u32>(claim); line != 0; line = device_read<u32>(claim)) {
        if (line > lines_) PANIC("plic: line {} of {} asks for service", line, lines_);
        deliver(line);
        complete(*context, line);
    }
}

}  // namespace arch::riscv64
