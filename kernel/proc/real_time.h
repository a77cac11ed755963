// Real time for processes: what one needs, and whether it has it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/debug_lock.h"
#include "proc/proc_ref.h"
#include "sched/real_time.h"

namespace kernel::proc {

// What others ask for. Context: task, no lock held; sleeps. Errors, of all: kProcessExited; kInterrupted.

/// What changes one of the needs of a process.
template <class Change>
concept ChangesNeeds = std::invocable<Change, sched::RealTimeNeeds&>;

/// Changes what it needs, and the flags that its share goes by. Its debug lock is held.
void set_real_time(Proc& proc, ChangesNeeds auto&& change) {
    const sync::IrqSaveGuard guard(proc.lock());
    Attributes& attributes = proc.attributes();
    change(attributes.real_time);
    attributes.has_real_time = true;
    sched::set_flags(proc.task(), attributes.real_time);
}

/// `change` may set any time; a process that has a share loses it.
Result<void> change_times(ProcRef target, ChangesNeeds auto&& change);
/// `change` may set any flag; a share that it has goes by it at once.
Result<void> change_flags(ProcRef target, ChangesNeeds auto&& change);

/// Gives it a share as it needs. Errors: kNoRealTime if nobody has said what; kTaskState if it is Broken; of
/// sched::admit().
Result<void> admit(ProcRef target);
/// Takes it back, if it has one.
Result<void> expel(ProcRef target);
/// Lets it run on `harts` only. Errors: kTaskState if it has a share.
Result<void> confine(ProcRef target, sched::HartSet harts);

// Each is one step, as all that changes what is needed or given holds the debug lock.

Result<void> change_times(ProcRef target, ChangesNeeds auto&& change) {
    return with_debug_lock(target, [&](Proc& proc) -> Result<void> {
        sched::expel(proc.task());
        set_real_time(proc, change);
        return {};
    });
}

Result<void> change_flags(ProcRef target, ChangesNeeds auto&& change) {
    return with_debug_lock(target, [&](Proc& proc) -> Result<void> {
        set_real_time(proc, change);
        return {};
    });
}

}  // namespace kernel::proc
