// Where the parts of a program lie in user memory.
#pragma once

#include "base/units.h"

namespace kernel::proc {

/// The stack ends here, so that it shares all but the last level of tables with programs below it.
/// What is above is for segments that a program attaches.
inline constexpr VirtAddr kStackTop{1 * u64{kGiB}};
/// What a stack may grow to. Pages come when they are touched (Plan 9: USTKSIZE).
inline constexpr u64 kStackSize = 16 * u64{kMiB};
inline constexpr VirtAddr kStackBottom{kStackTop.value - kStackSize};
/// No segment of a program lies nearer below its stack.
inline constexpr u64 kStackGuard = 64 * u64{kKiB};

/// Programs are linked into [kProgramStart, kProgramEnd): the first page stays empty, so that null
/// pointers fault.
inline constexpr VirtAddr kProgramStart{kPageSize};
inline constexpr VirtAddr kProgramEnd{kStackBottom.value - kStackGuard};

}  // namespace kernel::proc
