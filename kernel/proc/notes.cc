// Notes: posting to one process, and to groups.
#include "proc/notes.h"

#include "proc/delivery.h"
#include "proc/membership.h"
#include "proc/proc_table.h"

namespace kernel::proc {

Result<void> post_locked(Proc& proc, NoteKind kind, std::string_view text) {
    if (proc.state() != ProcState::kLive || proc.is_kproc()) return Error::kNoteNotPosted;
    Signals& signals = proc.signals();
    if (signals.unwinding) return Error::kNoteNotPosted;
    // Counted also when it does not fit: who is making a process must meet it first (spawn()).
    ++signals.arrivals;
    const Fate fate = kind != NoteKind::kUser && !signals.handles() ? Fate::kEnds : Fate::kHandled;
    if (fate == Fate::kEnds) {
        signals.notes.clear();
        signals.pass_note = false;  // it was for one of those
    }
    if (!signals.notes.push(kind, text, fate)) return Error::kNoteNotPosted;
    proc.task().interrupt();
    return {};
}

bool has_pending_locked(Proc& proc) {
    const Signals& signals = proc.signals();
    if (signals.told_to_end() || signals.unwinding) return true;
    if (signals.notes.empty()) return false;
    return !signals.handling || signals.notes.oldest().fate == Fate::kEnds;
}

Result<void> post_note(ProcRef target, NoteKind kind, std::string_view text) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    return post_locked(*hold, kind, text);
}

Result<std::optional<Note>> take_note(ProcRef target) {
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    Signals& signals = hold->signals();
    // Why a process ends or unwinds is not for others to take.
    if (signals.notes.empty() || signals.unwinding || signals.doomed) return std::optional<Note>();
    const Note note = signals.notes.pop();
    // With the last one goes what it may have been sent with, as on Plan 9.
    if (signals.notes.empty()) signals.interrupt_asked = false;
    if (!signals.interrupt_wanted()) hold->task().clear_interrupt();
    return std::optional(note);
}

void post_to_group(NoteGroup& group, std::string_view text) {
    Membership::post(group, text, &current());
}

Result<void> post_to_group_of(u32 pid, std::string_view text) {
    Ref<NoteGroup> group;
    {
        const ProcHold hold = table().hold(pid);
        if (!hold) return Error::kNotExist;
        hold->assert_held();
        group = hold->note_group();
    }
    if (group) Membership::post(*group, text, nullptr);
    return {};
}

void set_note_handler(NoteHandler handler, void* argument, OnEnd on_end) {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    self.signals().handler = handler;
    self.signals().handler_argument = argument;
    self.signals().on_end = on_end;
    self.signals().unseen = false;
    if (!self.signals().interrupt_wanted()) self.task().clear_interrupt();
}

void see_notes() {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    self.signals().unseen = false;
    if (!self.signals().interrupt_wanted()) self.task().clear_interrupt();
}

bool detail::is_unwinding() {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    return self.signals().unwinding;
}

}  // namespace kernel::proc
