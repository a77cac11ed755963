// Compressed encodings as what they stand for.
#pragma once

#include "arch/riscv64/isa/encoding.h"

namespace arch::riscv64::isa {

/// The encoding of 32 bits that does the same as the compressed `encoding`: accesses to memory,
/// arithmetic, branches and c.j. 0, which is no instruction, for whatever else and what is
/// reserved. Unprivileged ISA, section 16.8.
u32 expand_compressed(u32 encoding);

}  // namespace arch::riscv64::isa
