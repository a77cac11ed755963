// call(): what is the same in every call: its name for /proc, a fresh error detail, and what acts
// at its end.
#pragma once

#include "base/result.h"
#include "chan/caller.h"
#include "proc/notes.h"
#include "proc/proc.h"
#include "sched/task.h"

namespace kernel::syscall {

/// Whether a call still acts when the process unwinds (see proc::is_unwinding()). Those that only
/// give something back do.
enum class WhenUnwinding : u8 { kFails, kActs };

/// Runs body(caller) as the call `name` (static storage, capitalised: the state /proc shows
/// meanwhile) of the current process, then does what was asked of the process meanwhile, and
/// returns the body's result. Fails with kInterrupted in a process that unwinds.
template <WhenUnwinding when = WhenUnwinding::kFails, class Body>
auto call(const char* name, Body&& body) -> decltype(body(std::declval<chan::Caller&>())) {
    chan::Caller::error_detail().clear();
    if (when == WhenUnwinding::kFails && proc::is_unwinding()) return Error::kInterrupted;
    auto result = [&] {
        const sched::WaitReason reason(name);
        return body(proc::current().caller());
    }();
    proc::end_of_call(result);
    return result;
}

}  // namespace kernel::syscall
