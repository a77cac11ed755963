// Interrupts of the running hart: off, on, wait, and the spin loop's breath.
#include "machine/interrupts.h"

#include "arch/riscv64/csr.h"
#include "arch/riscv64/hart.h"

namespace kernel::machine {

using arch::riscv64::Csr;
using arch::riscv64::sstatus::InterruptEnable;

bool interrupts_enabled() {
    return InterruptEnable::get(arch::riscv64::read_csr<Csr::kSstatus>()) != 0;
}

void wait_for_interrupt() {
    // Wakes for a pending interrupt that sie lets through, also while sstatus.SIE is off
    // (Privileged Architecture 1.12, section 3.3.3).
    asm volatile("wfi" ::: "memory");
}

void relax() {
    // The pause hint (Zihintpause); a fence that orders nothing where it is not known.
    asm volatile(".insn i 0x0f, 0, x0, x0, 0x010" ::: "memory");
    // A hart that spins with interrupts off, perhaps for ever, must stop for a panic, too.
    const arch::riscv64::HartBlock& self = arch::riscv64::this_hart();
    // [hart.stop] acquire: pairs with release in stop_other_harts().
    if (self.stop_requested.load(std::memory_order_acquire) != 0) [[unlikely]] {
        arch::riscv64::stop_here({.pc = VirtAddr::of(__builtin_return_address(0)),
                                  .frame_pointer = VirtAddr::of(__builtin_frame_address(0))});
    }
}

}  // namespace kernel::machine
