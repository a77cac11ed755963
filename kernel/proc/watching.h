// Watching what a process loads and stores: its watch set, and the note that it gets for a hit.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "machine/user.h"
#include "mm/watch_set.h"
#include "proc/proc.h"
#include "proc/proc_ref.h"

namespace kernel::proc {

/// The ranges watched of a process; null: none. Context: task, no lock held; so the last reference
/// is dropped. Errors: kProcessExited.
Result<Ref<mm::WatchSet>> watches_of(ProcRef target);

/// How a list is changed.
enum class ChangeOfWatches : u8 { kReplace, kAppend };
/// Has the process watched for `watches`, from when this returns on; none: for nothing. All or
/// nothing. Errors: kProcessExited; kPermission if it is private; kBadArg if it has no program;
/// kTooManyWatches; kNoMemory; kInterrupted; kInUse if it has other memory by now. Context: task,
/// no lock held; may block.
Result<void> set_watches(ProcRef target, std::span<const mm::Watch> watches,
                         ChangeOfWatches change);

/// Performs the access that the program of the current process faulted for on a page that somebody
/// watches, and posts `sys: watchpoint` and the places in the list, by commas, if it is watched
/// for. Errors: kBadArg if its instruction is none that accesses memory, or may not; kNoMemory.
/// Context: task of the process, no lock held.
Result<void> access_watched(Proc& self, machine::UserRegisters& registers);

/// Remembers that a call of the current process's program did this with `space`, its memory. Cost:
/// one load where nothing is watched.
[[gnu::cold]] void touched_by_call_slowly(VirtAddr at, u64 size, bool loads, bool stores);
inline void touched_by_call(const mm::AddressSpace& space, VirtAddr at, u64 size, bool loads,
                            bool stores) {
    if (space.is_watched()) touched_by_call_slowly(at, size, loads, stores);
}
/// Posts the note for that, at the end of the call.
void tell_touched(Proc& self);

}  // namespace kernel::proc
