// Joining and leaving traces.
#include "proc/tracing.h"

#include "proc/proc.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

constinit NameCall call_names = nullptr;  // const after boot

/// Makes `tracing` what `proc` has; gives what it had, which it has left then. What that kept room
/// for is forgotten, and it does not wait there any more.
void exchange_locked(Proc& proc, Tracing& tracing) REQUIRES(proc.lock()) {
    std::swap(proc.tracing(), tracing);
    proc.watch_calls();
    if (!tracing.trace) return;
    if (tracing.call != 0) tracing.trace->forget(1);
    if (tracing.waits) {
        proc.signals().let_go = true;
        proc.task().interrupt();
    }
    tracing.trace->leave();
}

bool has_trace_locked(Proc& proc) REQUIRES(proc.lock()) {
    const Ref<Trace>& trace = proc.tracing().trace;
    return trace && !trace->is_over();
}

/// Whether what it does may be told there: it belongs to it, is not private, and of its user.
bool may_tell_locked(Proc& proc, const Trace& trace) REQUIRES(proc.lock()) {
    return proc.tracing().trace.get() == &trace && !proc.attributes().private_memory &&
           proc.caller().user().view() == trace.owner().view();
}

}  // namespace

void use_call_names(NameCall name_call) { call_names = name_call; }

CallName name_call(u64 number) { return call_names == nullptr ? CallName() : call_names(number); }

Result<void> start_trace(ProcRef target, bool inherited) {
    chan::UserName owner;
    {
        const ProcHold hold = table().hold(target);
        if (!hold) return Error::kProcessExited;
        owner = hold->caller().user();
    }
    Tracing tracing;
    tracing.trace = TRY(Trace::create(owner, inherited));
    // What it had goes without the lock.
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (has_trace_locked(*hold)) return Error::kTraced;
    if (hold->attributes().private_memory) return Error::kPermission;
    // Who ends has left its trace for good.
    if (hold->state() != ProcState::kLive) return Error::kProcessExited;
    tracing.trace->join();
    exchange_locked(*hold, tracing);
    hold->task().interrupt_hart();
    return {};
}

Result<void> stop_trace(ProcRef target) {
    Tracing tracing;  // goes without the lock
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (!has_trace_locked(*hold)) return Error::kNotTraced;
    exchange_locked(*hold, tracing);
    return {};
}

Result<void> make_private(ProcRef target) {
    Tracing tracing;  // these two go without the lock
    Ref<mm::WatchSet> watches;
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    hold->attributes().private_memory = true;
    hold->swap_watches(watches);
    exchange_locked(*hold, tracing);
    return {};
}

Result<Ref<Trace>> trace_of(ProcRef target) {
    Ref<Trace> trace;
    {
        const ProcHold hold = table().hold(target);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        if (!has_trace_locked(*hold)) return Error::kNotTraced;
        trace = hold->tracing().trace;
        // Whoever may look at it now is not to hear what another user's processes do.
        if (hold->caller().user().view() != trace->owner().view()) return Error::kNotTraced;
    }
    return trace;
}

void inherit_trace(Proc& maker, Proc& child) {
    if (!maker.calls_are_watched()) return;
    Ref<Trace> trace;
    {
        const sync::IrqSaveGuard guard(maker.lock());
        if (!has_trace_locked(maker) || !maker.tracing().trace->inherited()) return;
        trace = maker.tracing().trace;
        trace->join();  // before the maker can leave it
    }
    const sync::IrqSaveGuard guard(child.lock());
    child.tracing().trace = std::move(trace);
    child.watch_calls();
}

void leave_trace(Proc& proc) {
    if (!proc.calls_are_watched()) return;
    Tracing tracing;  // goes without the lock
    const sync::IrqSaveGuard guard(proc.lock());
    exchange_locked(proc, tracing);
}

Ref<Trace> begin_traced_call(u64 number) {
    Proc& self = current();
    Tracing left;  // goes without the lock
    Ref<Trace> trace;
    {
        const sync::IrqSaveGuard guard(self.lock());
        if (!self.tracing().trace) return {};
        trace = self.tracing().trace;
        if (trace->is_over() || !may_tell_locked(self, *trace)) {
            exchange_locked(self, left);
            return {};
        }
        if (!trace->wants(number, self.ref())) return {};
        self.tracing().waits = true;
    }
    // Everybody's father waits for nobody.
    const bool may_wait = self.id().pid != 1;
    const bool begun = trace->begin(may_wait);
    const sync::IrqSaveGuard guard(self.lock());
    self.tracing().waits = false;
    // Who took it out of the trace let it go on by an interrupt, which is not the call's.
    self.signals().let_go = false;
    if (!self.signals().interrupt_wanted()) self.task().clear_interrupt();
    return begun ? trace : Ref<Trace>();
}

void tell_call_begin(Trace& trace, std::string_view text) {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    if (may_tell_locked(self, trace)) {
        self.tracing().call = trace.put_begin(text);
    } else {
        trace.forget(2);
    }
}

Ref<Trace> trace_of_call() {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    return self.tracing().call == 0 ? Ref<Trace>() : self.tracing().trace;
}

void tell_call_end(Trace& trace, std::string_view text) {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    Tracing& tracing = self.tracing();
    // Who took it out of the trace meanwhile gave the room back.
    if (tracing.trace.get() != &trace || tracing.call == 0) return;
    const u64 number = std::exchange(tracing.call, 0);
    if (may_tell_locked(self, trace)) {
        trace.put_end(number, text);
    } else {
        trace.forget(1);
    }
}

}  // namespace kernel::proc
