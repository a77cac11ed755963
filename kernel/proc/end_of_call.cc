// What a process does at the end of its calls: end, stop, handle notes.
#include "proc/delivery.h"
#include "proc/exit.h"
#include "proc/notes.h"

namespace kernel::proc {
namespace {

enum class Action : u8 { kNothing, kEnd, kStop, kHandle, kDie };

struct Next {
    Action action = Action::kNothing;
    NoteHandler handler = nullptr;
    void* argument = nullptr;
};

/// Decides what comes first. From here on a note or request that comes sets the interrupt flag
/// anew, so none is missed. `blocked`: the call was ended by the flag.
Next take_next(Proc& self, bool blocked, Note& note) {
    const sync::IrqSaveGuard guard(self.lock());
    Signals& signals = self.signals();
    if (blocked) signals.interrupt_asked = false;
    if (!signals.interrupt_asked) self.task().clear_interrupt();
    if (signals.control == Control::kExit) return {.action = Action::kEnd};
    if (signals.control == Control::kStop) return {.action = Action::kStop};
    if (signals.notes.empty()) return {};
    const bool handled = signals.handler != nullptr && !signals.handling;
    if (signals.handling && signals.notes.oldest().kind == NoteKind::kUser) return {};
    note = signals.notes.pop();
    if (!handled) return {.action = Action::kDie};
    signals.handling = true;
    return {Action::kHandle, signals.handler, signals.handler_argument};
}

}  // namespace

void end_of_call(std::optional<Error> result) {
    Proc& self = current();
    if (!self.task().interrupt_pending()) return;
    bool blocked = result == Error::kInterrupted;
    Note note;
    for (;;) {  // ends when nothing is asked any more, or the process does
        const Next next = take_next(self, blocked, note);
        blocked = false;
        switch (next.action) {
            case Action::kNothing:
                return;
            case Action::kEnd:
                exits("Killed");
            case Action::kStop:
                stop_here(self);
                break;
            case Action::kDie:
                exits_by_note(note.kind, note.text);
            case Action::kHandle: {
                const NoteAnswer answer = next.handler(next.argument, note);
                if (answer == NoteAnswer::kDefault) exits_by_note(note.kind, note.text);
                const sync::IrqSaveGuard guard(self.lock());
                self.signals().handling = false;
                break;
            }
        }
    }
}

}  // namespace kernel::proc
