// repeatable(): rows whose calls wait, and are made again if a stop is all that ended them.
#pragma once

#include "proc/proc.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall {

/// What a program gets of a call that waits until `deadline` or longer: say(body(until)). body() has done nothing where it fails
/// with kInterrupted, or says so (proc::Repetition). A call made again waits until when it did before. Context: a full call.
template <class Body, class Say = i64(Result<u64>)>
i64 repeatable(Nanos deadline, Body&& body, Say&& say = answer) {
    proc::Proc& self = proc::current();
    const Nanos until = self.repetition().begin(self.registers(), deadline);
    Result<u64> result = body(until);
    if (!result.ok() && self.repetition().rewinds(result.error(), self.registers(), until)) {
        return static_cast<i64>(self.registers().a(0));
    }
    return say(std::move(result));
}

/// The same of one that has no deadline.
template <class Body>
i64 repeatable(Body&& body) {
    return repeatable(Nanos{}, [&body](Nanos) { return body(); });
}

}  // namespace kernel::syscall
