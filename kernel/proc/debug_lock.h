// with_debug_lock(): a step on a process that no other of its kind may come between.
#pragma once

#include "proc/proc_table.h"

namespace kernel::proc {

/// Runs `act(process)` while the debug lock of the process that `target` names is held: it stays
/// what it is, keeps its slot, and no other such step happens. It may come to its end meanwhile,
/// up to where it leaves the table. Context: task, no lock held; sleeps. Errors: kProcessExited;
/// kInterrupted; those of `act`.
template <class Act>
std::invoke_result_t<Act, Proc&> with_debug_lock(ProcRef target, Act&& act) {
    Proc* const proc = target.pid == 0 ? nullptr : table().slot(target.slot);
    if (proc == nullptr) return Error::kProcessExited;
    if (!proc->debug_lock().lock_interruptible()) return Error::kInterrupted;
    const sched::QLockGuard debug(proc->debug_lock(), sched::kAdoptLock);
    if (proc->ref() != target) return Error::kProcessExited;
    return std::forward<Act>(act)(*proc);
}

}  // namespace kernel::proc
