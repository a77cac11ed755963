// Stopping, starting and ending processes, and the handshake with whoever waits for a stop.
#include "proc/control.h"

#include "machine/user.h"
#include "proc/broken.h"
#include "proc/delivery.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

enum class Arm : u8 { kNo, kYes };

/// Makes `me` the debugger of `target`, and arms a stop if asked to. The process to wait for; null
/// if there is nothing to wait for.
Result<Proc*> attach(ProcRef target, Arm arm, Debugger& me) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    Proc& proc = *hold;
    proc.assert_held();
    Signals& signals = proc.signals();
    if (signals.stopped || proc.state() == ProcState::kBroken) return nullptr;
    const bool is_self = &proc == current_or_null();
    // Who stops itself is no debugger, and may have one already that waits for just that.
    if (signals.debugger != nullptr && !is_self) return Error::kInUse;
    if (arm == Arm::kYes && proc.state() == ProcState::kLive) {
        if (signals.control == Control::kNone) signals.control = Control::kStop;
        proc.task().interrupt();
    }
    if (is_self) return nullptr;
    signals.debugger = &me;
    return &proc;
}

/// Waits until it is said what became of `proc`, whose debugger `me` is; see "Stopping" in
/// README.md. The slot outlives the process, so its lock may be taken whatever becomes of it.
Result<void> wait_for_outcome(Proc* proc, Debugger& me) {
    const auto let_go = [&me, proc] {
        const sync::IrqSaveGuard guard(proc->lock());
        return me.outcome != StopOutcome::kWaiting;
    };
    const sched::WaitReason reason("Stopwait");
    // What was asked for is asked once.
    Repetition& mine = current().repetition();
    mine.forbid();
    const Result<void> slept = sched::sleep(me.rendez, let_go);
    if (slept.ok()) mine.clear();
    const sync::IrqSaveGuard guard(proc->lock());
    switch (me.outcome) {
        case StopOutcome::kStopped:
            return {};
        case StopOutcome::kExited:
            return Error::kProcessExited;
        case StopOutcome::kWaiting:
            break;
    }
    // Interrupted; the request stays, but nobody waits for it.
    proc->signals().debugger = nullptr;
    return slept;
}

/// Waits for `target` to stop, if it has not yet.
Result<void> wait_for_stop(ProcRef target, Arm arm) {
    Debugger me;
    Proc* const proc = TRY(attach(target, arm, me));
    return proc == nullptr ? Result<void>() : wait_for_outcome(proc, me);
}

/// Lets the stopped `target` go on to where `where` says, as the debugger `me`.
Result<Proc*> attach_and_start(ProcRef target, bool Signals::*where, Debugger& me) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    Signals& signals = hold->signals();
    if (!signals.stopped) return Error::kBadCtl;
    if (signals.debugger != nullptr) return Error::kInUse;
    signals.debugger = &me;
    signals.*where = true;
    // One that waits for the end of a handler is not what it meets first.
    signals.pass_note = signals.stop_at_note && has_pending_locked(*hold);
    hold->watch_calls();
    signals.stopped = signals.unstarted = false;
    sched::wakeup(hold->stop_rendez());
    return &*hold;
}

Result<void> start_and_wait(ProcRef target, bool Signals::*where) {
    Debugger me;
    Proc* const proc = TRY(attach_and_start(target, where, me));
    return wait_for_outcome(proc, me);
}

}  // namespace

void detach_debugger_locked(Proc& proc, StopOutcome outcome) {
    Debugger* debugger = std::exchange(proc.signals().debugger, nullptr);
    if (debugger == nullptr) return;
    debugger->outcome = outcome;
    // Under the lock: the debugger takes it before it leaves, so it is still there.
    sched::wakeup(debugger->rendez);
}

void stop_here(Proc& self) {
    // Whoever is told that it has stopped may look at them.
    machine::put_floats_away();
    {
        const sync::IrqSaveGuard guard(self.lock());
        Signals& signals = self.signals();
        if (signals.control != Control::kStop) return;
        signals.control = Control::kNone;
        // Whoever lets it go on says anew where it stops next.
        signals.stop_at_note = signals.stop_at_call = signals.pass_note = false;
        self.watch_calls();
        // First stopped, then told: whoever was told finds it so, and may start it at once.
        signals.stopped = true;
        ++signals.stops;
        detach_debugger_locked(self, StopOutcome::kStopped);
    }
    sched::sleep_uninterruptible(
        self.stop_rendez(),
        [&self] {
            const sync::IrqSaveGuard guard(self.lock());
            const Signals& signals = self.signals();
            return !signals.stopped && (signals.writers == 0 || signals.told_to_end());
        },
        sched::TaskState::kStopped);
}

Result<void> stop(ProcRef target) { return wait_for_stop(target, Arm::kYes); }

Result<void> wait_stopped(ProcRef target) { return wait_for_stop(target, Arm::kNo); }

Result<void> start(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    Signals& signals = hold->signals();
    if (signals.stopped) {
        signals.stopped = signals.unstarted = false;
        sched::wakeup(hold->stop_rendez());
        return {};
    }
    if (!signals.unstarted || signals.debugger != nullptr) return Error::kBadCtl;
    // It has not come as far as to stop: it need not any more.
    signals.unstarted = false;
    if (signals.control == Control::kStop) signals.control = Control::kNone;
    if (!signals.interrupt_wanted()) hold->task().clear_interrupt();
    return {};
}

Result<void> start_to_note(ProcRef target) {
    return start_and_wait(target, &Signals::stop_at_note);
}

Result<void> start_to_call(ProcRef target) {
    return start_and_wait(target, &Signals::stop_at_call);
}

namespace {

Result<void> tell_to_end(ProcRef target, Control how) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    Signals& signals = hold->signals();
    if (hold->state() == ProcState::kBroken) {
        release_broken_locked(*hold);
        return {};
    }
    if (hold->state() == ProcState::kExiting) signals.released = true;
    if (hold->state() != ProcState::kLive) return {};
    if (!signals.told_to_end()) signals.control = how;
    sched::wait_no_more(hold->task());
    signals.unstarted = false;
    // Whoever is making a process meets its end first; see Membership::enter().
    ++signals.arrivals;
    hold->task().interrupt();
    if (signals.stopped) {
        signals.stopped = false;
        sched::wakeup(hold->stop_rendez());
    }
    return {};
}

}  // namespace

Result<void> kill(ProcRef target) { return tell_to_end(target, Control::kExit); }

Result<void> kill_for_memory(ProcRef target) { return tell_to_end(target, Control::kExitBig); }

Result<void> interrupt(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (hold->state() != ProcState::kLive) return {};
    hold->signals().interrupt_asked = true;
    hold->task().interrupt();
    return {};
}

Result<void> clear_interrupt(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    Signals& signals = hold->signals();
    if (!signals.notes.empty()) return Error::kNotesPending;
    signals.interrupt_asked = false;
    if (!signals.interrupt_wanted()) hold->task().clear_interrupt();
    return {};
}

}  // namespace kernel::proc
