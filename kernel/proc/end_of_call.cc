// What a process does at the end of its calls: end, stop, handle notes.
#include "proc/delivery.h"
#include "proc/exit.h"
#include "proc/notes.h"

namespace kernel::proc {
namespace {

using Action = Next::Action;

/// Ends the process by a note of this kind and text: here, or by letting it unwind.
void end_by(Proc& self, NoteKind kind, std::string_view text) {
    {
        const sync::IrqSaveGuard guard(self.lock());
        Signals& signals = self.signals();
        if (signals.handler != nullptr && signals.on_end == OnEnd::kUnwinds) {
            signals.unwinding = true;
            signals.notes.clear();
            (void)signals.notes.push(kind, text);  // ignored: there is room in an empty queue
            // Stays set to the end, so that nothing blocks any more.
            self.task().interrupt();
            return;
        }
    }
    exits_by_note(kind, text);
}

}  // namespace

Next take_next(Proc& self, bool blocked, Note& note) {
    const sync::IrqSaveGuard guard(self.lock());
    Signals& signals = self.signals();
    if (signals.unwinding) return {};
    if (blocked) signals.interrupt_asked = signals.unseen = false;
    if (!signals.interrupt_asked && !signals.unseen) self.task().clear_interrupt();
    if (signals.told_to_end()) return {.action = Action::kEnd};
    if (signals.control == Control::kStop) return {.action = Action::kStop};
    if (signals.notes.empty()) return {};
    const bool handled = signals.handles();
    // The others wait for the end of the handler.
    if (signals.handling && signals.notes.oldest().fate == Fate::kHandled) return {};
    if (signals.stop_at_note && !std::exchange(signals.pass_note, false)) {
        signals.control = Control::kStop;
        return {.action = Action::kStop};
    }
    note = signals.notes.pop();
    if (!handled) return {.action = Action::kDie};
    signals.handling = true;
    return {Action::kHandle, signals.handler, signals.handler_argument};
}

void detail::end_of_call(bool interrupted) {
    Proc& self = current();
    if (self.my_space() != nullptr) {
        // A program meets them when its registers are complete: user_exit(). What was asked without
        // a note has done what it was asked for.
        if (!interrupted) return;
        const sync::IrqSaveGuard guard(self.lock());
        Signals& signals = self.signals();
        // Where it stops first, whoever stopped it may take the note away; if not, that ends the call.
        const bool stops = signals.control == Control::kStop ||
                           (signals.stop_at_note && !signals.pass_note && has_pending_locked(self));
        if (stops && !signals.interrupt_asked && !signals.unseen) {
            self.repetition().allow();
        } else {
            self.repetition().clear();
        }
        signals.interrupt_asked = false;
        // Notes that wait for the end of a handler end one of its calls, and set the flag again
        // when they can be met.
        const bool asked = signals.control != Control::kNone || signals.unseen;
        if (!asked && !has_pending_locked(self)) self.task().clear_interrupt();
        return;
    }
    bool blocked = interrupted;
    Note note;
    for (;;) {  // ends when nothing is asked any more, or the process does
        const Next next = take_next(self, blocked, note);
        blocked = false;
        switch (next.action) {
            case Action::kNothing:
                return;
            case Action::kEnd:
                end_by(self, NoteKind::kExit, "Killed");
                break;
            case Action::kStop:
                stop_here(self);
                break;
            case Action::kDie:
                end_by(self, note.kind, note.text);
                break;
            case Action::kHandle: {
                const NoteAnswer answer = next.handler(next.argument, note);
                if (answer == NoteAnswer::kDefault) end_by(self, note.kind, note.text);
                const sync::IrqSaveGuard guard(self.lock());
                self.signals().handling = false;
                // The program hears of it from the next call that would sleep, if not from this.
                if (answer == NoteAnswer::kRemembered && !interrupted) {
                    self.signals().unseen = true;
                    self.task().interrupt();
                }
                break;
            }
        }
    }
}

}  // namespace kernel::proc
