// What computational instructions compute: pure functions of their operands, one table per opcode.
#pragma once

#include "tests/host/interpreter/instruction.h"

namespace host::interpreter {

/// A result, or nothing where the encoding is illegal.
using Computed = std::optional<u64>;

/// The instructions of OP: two registers of 64 bits.
Computed compute_op(Instruction instruction, u64 a, u64 b);
/// The instructions of OP-32: the lower halves of two registers; results are extended by their
/// sign.
Computed compute_op_32(Instruction instruction, u64 a, u64 b);
/// The instructions of OP-IMM and OP-IMM-32: a register and the immediate.
Computed compute_immediate(Instruction instruction, u64 a);
Computed compute_immediate_32(Instruction instruction, u64 a);

/// Whether the condition of a BRANCH holds; nothing where there is no such branch.
std::optional<bool> compare(Instruction instruction, u64 a, u64 b);

}  // namespace host::interpreter
