// Shares of processes: asked for, given, taken back.
#include "proc/real_time.h"

#include "proc/proc_table.h"
#include "proc/slot_pin.h"

namespace kernel::proc {

namespace {

/// What it needs, if it lives, and not as Broken.
Result<sched::RealTimeNeeds> needs_of(Proc& proc) {
    const sync::IrqSaveGuard guard(proc.lock());
    if (proc.state() == ProcState::kBroken) return Error::kTaskState;
    if (proc.state() != ProcState::kLive) return Error::kProcessExited;
    // One that is about to end waits for no period.
    if (proc.signals().told_to_end()) sched::wait_no_more(proc.task());
    return proc.attributes().has_real_time ? Result(proc.attributes().real_time) : Error::kNoRealTime;
}

}  // namespace

Result<void> admit(ProcRef target) {
    return with_debug_lock(target, [](Proc& proc) -> Result<void> {
        TRY(sched::admit(proc.task(), TRY(needs_of(proc))));
        // If it came to its end meanwhile, its share ends here.
        const Result<sched::RealTimeNeeds> still = needs_of(proc);
        if (still.ok()) return {};
        sched::expel(proc.task());
        return still.error();
    });
}

Result<void> confine(ProcRef target, sched::HartSet harts) {
    const SlotPin pin(target);
    if (!pin) return Error::kProcessExited;
    return sched::confine((*pin).task(), harts);
}

Result<void> expel(ProcRef target) {
    return with_debug_lock(target, [](Proc& proc) -> Result<void> {
        sched::expel(proc.task());
        return {};
    });
}

}  // namespace kernel::proc
