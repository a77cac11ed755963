// Plic: the platform-level interrupt controller: RISC-V PLIC specification 1.0.0.
#pragma once

#include "arch/riscv64/platform/raw_lock.h"
#include "arch/riscv64/sv39/vocabulary.h"
#include "boot/machine_description.h"
#include "machine/hart.h"
#include "machine/interrupts.h"

namespace arch::riscv64 {

/// The controller, by hart: which of its contexts delivers to a hart is the description's to say,
/// because no formula holds on all boards. Until init() there are no lines.
class Plic : kernel::Pinned {
public:
    using IrqLine = kernel::machine::IrqLine;
    using HartIndex = kernel::machine::HartIndex;
    using Deliver = void (*)(IrqLine line);

    constexpr Plic() = default;

    /// Maps the controller of `machine`, if it has one that can be used; says on the log why not.
    /// Context: boot, once.
    void init(const boot::MachineDescription& machine);

    /// Lets the context of `hart` deliver every line that is enabled for it, none of which is yet.
    void open_context(HartIndex hart);

    /// Lets `line` through to `hart`. Fails with kNoDevice for a line the controller does not have
    /// and a hart it does not serve. Any context.
    Result<void> enable(IrqLine line, HartIndex hart);
    /// Keeps `line` from all harts. Any context, also while it is being delivered.
    void disable(IrqLine line);

    /// Hands each line that waits for `hart`, the running one, to `deliver`. Interrupts off.
    void take(HartIndex hart, Deliver deliver);

private:
    VirtAddr priority(IrqLine line) const;
    VirtAddr enables(u32 context, IrqLine line) const;
    VirtAddr context_registers(u32 context) const;
    /// The context that serves `hart`, if one does and its registers are there.
    std::optional<u32> context_of(HartIndex hart) const;
    bool is_enabled(u32 context, IrqLine line) const;
    void set_enabled(u32 context, IrqLine line, bool enabled) REQUIRES(enabling_);
    void complete(u32 context, IrqLine line);

    VirtAddr registers_;                                      // const after init()
    u64 size_ = 0;                                            // const after init()
    u32 lines_ = 0;                                           // const after init(); 0: none
    u32 harts_ = 0;                                           // const after init()
    std::array<u32, kernel::machine::kMaxHarts> contexts_{};  // const after init()
    RawLock enabling_;                                        // read-modify-write of enable words
};

}  // namespace arch::riscv64
