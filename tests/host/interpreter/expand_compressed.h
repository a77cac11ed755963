// expand_compressed(): the 32-bit instruction that a 16-bit one stands for.
#pragma once

#include "tests/host/interpreter/instruction.h"

namespace host::interpreter {

/// An encoding that no version of the architecture will ever make legal: what reserved 16-bit
/// encodings expand to.
inline constexpr u32 kNoInstruction = 0;

/// Whether the instruction that begins with `first` has 16 bits only.
constexpr bool is_compressed(u16 first) { return (first & 3) != 3; }

/// What `compressed` is short for, or kNoInstruction: Unprivileged ISA, chapter "C", RV64 without
/// D. Hints expand to instructions that write x0 or change nothing.
u32 expand_compressed(u16 compressed);

}  // namespace host::interpreter
