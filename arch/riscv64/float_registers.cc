// Giving floating-point registers to programs and taking them back.
#include "arch/riscv64/float_registers.h"

#include "machine/interrupts.h"

namespace arch::riscv64 {

using kernel::machine::FloatRegisters;
static_assert(offsetof(FloatRegisters, f) == 0);
static_assert(offsetof(FloatRegisters, control) == FLOAT_REGISTERS_CONTROL);

extern "C" {
void riscv64_save_floats(FloatRegisters* to);
void riscv64_load_floats(const FloatRegisters* from);
}

constinit bool harts_have_floats = false;

void take_used_floats(HartBlock& self) {
    const u64 state = sstatus::FloatState::get(read_csr<Csr::kSstatus>());
    if (state == sstatus::kDirty) riscv64_save_floats(self.floats);
    (void)clear_csr_bits<Csr::kSstatus>(sstatus::FloatState::kMask);  // ignored: known
}

bool give_floats(HartBlock& self) {
    const u64 state = sstatus::FloatState::get(read_csr<Csr::kSstatus>());
    if (!harts_have_floats || state != sstatus::kOff) return false;
    if (self.floats->used == 0) *self.floats = {.used = 1};
    // Not Off, so that they can be loaded; which would make them Dirty.
    constexpr u64 kOnlyInDirty = sstatus::FloatState::make(sstatus::kDirty ^ sstatus::kClean);
    (void)set_csr_bits<Csr::kSstatus>(sstatus::FloatState::kMask);  // ignored: known
    riscv64_load_floats(self.floats);
    (void)clear_csr_bits<Csr::kSstatus>(kOnlyInDirty);  // ignored: known
    return true;
}

}  // namespace arch::riscv64

namespace kernel::machine {

void put_floats_away() {
    const InterruptsOff off;
    arch::riscv64::take_floats(arch::riscv64::this_hart());
}

}  // namespace kernel::machine
