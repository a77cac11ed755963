// Joining and leaving traces.
#include "proc/tracing.h"

#include "proc/proc.h"
#include "proc/proc_table.h"

namespace kernel::proc {
namespace {

constinit NameCall call_names = nullptr;  // const after boot

/// Makes `tracing` what `proc` has; gives what it had. Whatever that kept room for is forgotten.
void exchange_locked(Proc& proc, Tracing& tracing) REQUIRES(proc.lock()) {
    std::swap(proc.tracing(), tracing);
    if (tracing.call != 0) tracing.trace->forget();
    tracing.call = 0;
    proc.watch_calls();
}

bool is_traced_locked(Proc& proc) REQUIRES(proc.lock()) {
    const Ref<Trace>& trace = proc.tracing().trace;
    return trace && !trace->is_over();
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
    Tracing tracing {
        TRY(Trace::create(owner, inherited))
        , 0
    };
    // What it had goes without the lock.
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (is_traced_locked(*hold)) return Error::kTraced;
    if (hold->attributes().private_memory) return Error::kPermission;
    // Who ends has left its trace for good.
    if (hold->state() != ProcState::kLive) return Error::kProcessExited;
    tracing.trace->join();
    exchange_locked(*hold, tracing);
    hold->task().interrupt_hart();
    if (tracing.trace) tracing.trace->leave();
    return {};
}

Result<void> stop_trace(ProcRef target) {
    Tracing tracing;  // goes without the lock
    const ProcHold hold = table().hold(target);
    if (!hold) return Error::kProcessExited;
    hold->assert_held();
    if (!is_traced_locked(*hold)) return Error::kNotTraced;
    exchange_locked(*hold, tracing);
    tracing.trace->leave();
    return {};
}

Result<Ref<Trace>> trace_of(ProcRef target) {
    Ref<Trace> trace;
    {
        const ProcHold hold = table().hold(target);
        if (!hold) return Error::kProcessExited;
        hold->assert_held();
        if (!is_traced_locked(*hold)) return Error::kNotTraced;
        trace = hold->tracing().trace;
    }
    return trace;
}

void inherit_trace(Proc& maker, Proc& child) {
    if (!maker.calls_are_watched()) return;
    Ref<Trace> trace;
    {
        const sync::IrqSaveGuard guard(maker.lock());
        trace = maker.tracing().trace;
    }
    if (!trace || !trace->inherited() || trace->is_over()) return;
    trace->join();
    const sync::IrqSaveGuard guard(child.lock());
    child.tracing().trace = std::move(trace);
    child.watch_calls();
}

void leave_trace(Proc& proc) {
    if (!proc.calls_are_watched()) return;
    Tracing tracing;  // goes without the lock
    {
        const sync::IrqSaveGuard guard(proc.lock());
        exchange_locked(proc, tracing);
    }
    if (tracing.trace) tracing.trace->leave();
}

Ref<Trace> begin_traced_call(u64 number) {
    Proc& self = current();
    Ref<Trace> trace;
    {
        const sync::IrqSaveGuard guard(self.lock());
        trace = self.tracing().trace;
    }
    if (!trace) return {};
    // Nobody is told what another user does.
    if (trace->is_over() || self.caller().user().view() != trace->owner().view()) {
        leave_trace(self);
        return {};
    }
    if (!trace->wants(number, self.ref())) return {};
    // Everybody's father waits for nobody.
    const bool may_wait = self.id().pid != 1;
    return trace->begin(may_wait) ? trace : Ref<Trace>();
}

void tell_call_begin(Trace& trace, std::string_view text) {
    const u64 number = trace.put_begin(text);
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    if (self.tracing().trace.get() == &trace) {
        self.tracing().call = number;
    } else {
        trace.forget();
    }
}

EndedTracedCall end_traced_call() {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    Tracing& tracing = self.tracing();
    if (tracing.call == 0) return {};
    return {tracing.trace, std::exchange(tracing.call, 0)};
}

}  // namespace kernel::proc
