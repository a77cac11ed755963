// Ending the current process.
#include "proc/exit.h"

#include "base/format.h"
#include "proc/complaint.h"
#include "proc/lifecycle.h"

namespace kernel::proc {
namespace {

/// What the process unwound for, if it did.
std::optional<Note> reason_to_unwind(Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    Signals& signals = self.signals();
    if (!signals.unwinding) return std::nullopt;
    signals.unwinding = false;
    self.task().clear_interrupt();
    return signals.notes.pop();
}

}  // namespace

void exits(std::string_view status) {
    Proc& self = current();
    const std::optional<Note> reason = reason_to_unwind(self);
    if (reason.has_value()) exits_by_note(reason->kind, reason->text);
    Lifecycle::end(self, status, Lifecycle::Ending::kQuiet);
}

void exits_by_note(NoteKind kind, std::string_view text) {
    Proc& self = current();
    if (kind != NoteKind::kDebug) Lifecycle::end(self, text, Lifecycle::Ending::kQuiet);
    std::array<char, kNoteMax + 10> why;
    explain(self, format_into(why, "suicide: {}", text));
    Lifecycle::end(self, text, Lifecycle::Ending::kBroken);
}

void exits_killed() {
    Proc& self = current();
    bool for_memory = false;
    {
        const sync::IrqSaveGuard guard(self.lock());
        for_memory = self.signals().control == Control::kExitBig;
    }
    if (!for_memory) Lifecycle::end(self, "Killed", Lifecycle::Ending::kQuiet);
    Lifecycle::end(self, "Killed: Insufficient physical memory", Lifecycle::Ending::kForMemory);
}

}  // namespace kernel::proc
