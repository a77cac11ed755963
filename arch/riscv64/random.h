// What jitters on this machine.
#pragma once

namespace arch::riscv64 {

/// Finds out whether the cycle counter may be read. Context: boot, once, interrupts off.
void init_random();

}  // namespace arch::riscv64
