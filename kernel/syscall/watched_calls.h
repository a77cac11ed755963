// Calls of programs that somebody watches.
#pragma once

#include "base/std.h"

namespace kernel::syscall {

/// Makes call `number` of the table as the row itself would, and tells whoever watches it. The
/// number comes last, so that the rows that lead here only add it to what they were called with.
/// Context: a full call.
i64 run_watched(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5, u64 number);

}  // namespace kernel::syscall
