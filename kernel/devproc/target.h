// Target: what permissions and directory entries need to know about a process, copied at once.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/stat.h"
#include "proc/proc.h"

namespace kernel::devproc {

/// A copy, true at the moment it was made.
struct Target {
    chan::UserName owner;
    u64 user_changes = 0;  // see chan::Caller; no more than when `owner` was it
    u32 mode = 0;          // what chmod of any of its files sets
    bool kernel_process = false;
    bool private_memory = false;
    bool ended = false;  // only its exit record is left

    /// Of a process that the caller holds. Any context.
    static Target of(proc::Proc& process) REQUIRES(process.lock());
    /// Looks at the process that `ref` names, or at what it left. Errors: kProcessExited.
    static Result<Target> look(proc::ProcRef ref);
};

/// Whoever makes the request, also while it is not found any more. Any context.
proc::ProcRef process_of(const chan::Caller& caller);

}  // namespace kernel::devproc
