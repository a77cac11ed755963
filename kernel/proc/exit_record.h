// ExitRecord: what a process leaves with its parent, and what keeps its number until it is read.
#pragma once

#include "base/list.h"
#include "base/result.h"
#include "base/std.h"
#include "mm/object_cache.h"
#include "pid/pid_ref.h"
#include "proc/proc_ref.h"
#include "proc/wait.h"

namespace kernel::proc {

/// A record is made with its process, so that ending never fails for lack of memory.
class ExitRecord : Pinned {
public:
    /// Errors: kNoMemory.
    static Result<ExitRecord*> create();
    static void destroy(ExitRecord& record);

    // Guarded by the family tree's lock once it is with a parent; before, its process's own.
    WaitRecord text;
    ProcRef ref;                 // whom it is about
    pid::PidRef number;          // keeps the number from being used again
    ListHook<ExitRecord> order;  // in its parent's list
    ListHook<ExitRecord> index;  // among all unread records, by number

private:
    friend class mm::ObjectCache<ExitRecord>;
    ExitRecord() = default;
    ~ExitRecord() = default;
};

using RecordList = List<ExitRecord, &ExitRecord::order>;

}  // namespace kernel::proc
