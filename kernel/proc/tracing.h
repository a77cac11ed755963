// Tracing: which trace a process belongs to, and its calls as they come and go.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "proc/proc_ref.h"
#include "proc/trace.h"

namespace kernel::proc {

class Proc;

/// The caller protects it (by the process's spin lock).
struct Tracing {
    Ref<Trace> trace;    // null: nobody's
    u64 call = 0;        // of the trace: the one it is in, whose end has room there; 0: none
    bool waits = false;  // it may wait for room there
};

/// The name of a call and the set it is in, both empty for a number that is no call.
struct CallName {
    std::string_view name;
    std::string_view set;
};
using NameCall = CallName (*)(u64 number);
/// Says who names calls: the layer that runs them. Context: boot.
void use_call_names(NameCall name_call);
/// Context: any.
CallName name_call(u64 number);
// What others ask for. Context: task, no lock held.

/// Begins to trace `target`, and its children made from then on if `inherited`. Its calls are
/// recorded once somebody reads. Errors: kProcessExited; kTraced if it has a trace that is not
/// over; kPermission if it is private; kNoMemory.
Result<void> start_trace(ProcRef target, bool inherited);
/// Takes it out of its trace, for which it does not wait any more. Errors: kProcessExited;
/// kNotTraced.
Result<void> stop_trace(ProcRef target);
/// Makes it private, so that it leaves its trace. Errors: kProcessExited.
Result<void> make_private(ProcRef target);
/// Its trace. Errors: kProcessExited; kNotTraced if it has none, one that is over, or one of the
/// user that it had before.
Result<Ref<Trace>> trace_of(ProcRef target);

// For the process itself, and for its maker before anybody finds it. Context: task, no lock held.

/// `child` belongs to the trace of `maker`, if that is inherited.
void inherit_trace(Proc& maker, Proc& child);
/// It ends, or was never born.
void leave_trace(Proc& proc);

// For whoever runs the calls of programs that are watched, as in call_watch.h, but that it owns a
// reference while a record is made.

/// The trace of a call that is about to begin, if it is to be recorded: then tell_call_begin() is
/// next. May wait for room.
Ref<Trace> begin_traced_call(u64 number);
/// Puts its record there, but for its beginning, unless the process has left the trace or become
/// hidden from it. The call ends with tell_call_end(), or with its process.
void tell_call_begin(Trace& trace, std::string_view text);
/// The trace that the current call is in; null: it is in none. Then tell_call_end() is next.
Ref<Trace> trace_of_call();
/// Puts the record of its end there, unless, as above.
void tell_call_end(Trace& trace, std::string_view text);

}  // namespace kernel::proc
