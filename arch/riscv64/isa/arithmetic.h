// Instructions that may stand between a load-reserved and its store-conditional.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"
#include "machine/user.h"

namespace arch::riscv64::isa {

/// Executes the instruction `encoding`, of 32 bits or expanded, which is `length` bytes long: the
/// arithmetic of the base ISA, branches and jumps that go forward (Unprivileged ISA, section 8.3).
/// False, and nothing is changed, for any other.
bool execute_arithmetic(u32 encoding, u64 length, kernel::machine::UserRegisters& registers);

}  // namespace arch::riscv64::isa
