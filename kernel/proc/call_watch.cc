// Stops at calls, and the text that goes with them.
#include "proc/call_watch.h"

#include "mm/object_cache.h"
#include "proc/delivery.h"
#include "proc/exit.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

constinit mm::ObjectCache<CallText> texts("calltext");

/// Makes `text` what the current process's last call is, and lets it stop.
void tell_and_stop(Proc& self, Ref<CallText> text) {
    // What was told before goes without the lock.
    const sync::IrqSaveGuard guard(self.lock());
    Signals& signals = self.signals();
    if (signals.control == Control::kNone) signals.control = Control::kStop;
    self.task().interrupt();
    self.swap_call_text(text);
}

}  // namespace

Result<Ref<CallText>> CallText::create(std::string_view text) {
    mm::Buffer buffer = TRY(mm::Buffer::create(text.size()));
    std::copy_n(as_bytes(text).data(), text.size(), buffer.data());
    return Ref<CallText>::adopt(*TRY(texts.create(std::move(buffer))));
}

void CallText::destroy(CallText& text) { texts.destroy(text); }

bool stops_at_calls() {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    return self.signals().stop_at_call;
}

void stop_at_call(Ref<CallText> text) {
    Proc& self = current();
    tell_and_stop(self, std::move(text));
    stop_here(self);
    bool ends = false;
    {
        const sync::IrqSaveGuard guard(self.lock());
        ends = self.signals().told_to_end();
        if (!self.signals().interrupt_wanted()) self.task().clear_interrupt();
    }
    if (ends) exits_killed();
}

void stop_after_call(Ref<CallText> text) { tell_and_stop(current(), std::move(text)); }

void forget_calls(Proc& self) {
    Ref<CallText> told;  // goes without the lock
    const sync::IrqSaveGuard guard(self.lock());
    self.swap_call_text(told);
}

void end_of_watched_call(i64 result) {
    Proc& self = current();
    if (self.calls_are_watched() && self.watched_call().ended != nullptr) {
        self.watched_call().ended(result);
    }
}

}  // namespace kernel::proc
