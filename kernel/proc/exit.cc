// Ending the current process.
#include "proc/exit.h"

#include "base/log.h"
#include "chan/file.h"
#include "proc/lifecycle.h"

namespace kernel::proc {
namespace {

/// Says on descriptor 2, or if that fails in the kernel's log, why the process ends.
void complain(Proc& self, std::string_view what, std::string_view text = {}) {
    FixedString<kNameMax> name;
    {
        const sync::IrqSaveGuard guard(self.lock());
        name = self.attributes().text;
    }
    std::array<char, kNameMax + kNoteMax + 40> line;
    const std::string_view said =
        format_into(line, "{} {}: {}{}\n", name.view(), self.id().pid, what, text);
    const Ref<chan::FdGroup> fds = self.caller().fds();
    if (fds) {
        Result<Ref<chan::Chan>> error_output = fds->get(2, chan::FdUse::kWrite);
        if (error_output.ok() &&
            chan::write(self.caller(), *error_output.value(), as_bytes(said)).ok()) {
            return;
        }
    }
    klog("{}", trim(said));
}

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
    complain(self, "suicide: ", text);
    Lifecycle::end(self, text, Lifecycle::Ending::kBroken);
}

void exits_killed() {
    Proc& self = current();
    bool for_memory = false;
    {
        const sync::IrqSaveGuard guard(self.lock());
        for_memory = self.signals().control == Control::kExitBig;
        // Others wait for its memory: it says why without waiting for a pipe that nobody reads.
        if (for_memory) self.task().interrupt();
    }
    if (!for_memory) Lifecycle::end(self, "Killed", Lifecycle::Ending::kQuiet);
    constexpr std::string_view kWhy = "Killed: Insufficient physical memory";
    complain(self, kWhy);
    Lifecycle::end(self, kWhy, Lifecycle::Ending::kQuiet);
}

}  // namespace kernel::proc
