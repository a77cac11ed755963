// What UserSpace needs of the machine around the tables: the kernel's half of a root, and fences.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::sv39 {

/// Fills the kernel's half of the table at `root`, whose user half is empty.
void add_kernel_half(PhysAddr root);
/// Empties it again; no hart runs on that table any more.
void remove_kernel_half(PhysAddr root);

/// On return no hart of `harts` (a bit a hart) remembers translations of user memory from before.
/// Context: any but with interrupts off where another hart could wait for this one.
void fence_user_translations(u64 harts);

}  // namespace arch::riscv64::sv39
