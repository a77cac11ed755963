// The sizes of what a process carries: names, notes, exit records. Part of the user ABI.
#pragma once

#include "base/error.h"
#include "base/std.h"
#include "sched/task.h"

namespace kernel::proc {

/// Room for a program or user name, NUL included.
inline constexpr usize kNameMax = sched::kTaskNameMax;
/// Room for a note, an exit status, a wait message, NUL included.
inline constexpr usize kNoteMax = kErrorTextMax;
/// Room for what `args` keeps, NUL included.
inline constexpr usize kArgsMax = 128;
/// Notes a process queues; more are refused.
inline constexpr usize kNotesQueued = 5;
/// Exit records a parent keeps; older ones are folded into one that counts them.
inline constexpr usize kRecordsKept = 128;
/// Broken processes that are kept for a debugger; another one releases the oldest.
inline constexpr usize kBrokenKept = 4;

static_assert(kNameMax == 28 && kNoteMax == 128);

}  // namespace kernel::proc
