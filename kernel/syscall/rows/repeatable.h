// Repeatable: rows whose calls wait, and are made again if a stop is all that ended them.
#pragma once

#include "proc/proc.h"
#include "syscall/rows/user_memory.h"

namespace kernel::syscall {

/// A call that waits until `deadline` or longer, from its begin on. Where it fails with kInterrupted it has done nothing, or says so
/// (proc::Repetition). Context: a full call.
class Repeatable : Pinned {
public:
    explicit Repeatable(Nanos deadline = {}) : until_(deadline) {
        if (repetition().is_idle()) [[likely]] return;
        until_ = repetition().begin(proc::current().registers(), deadline);
    }
    /// Until when it waits: if it is made again, until when it did before.
    Nanos until() const { return until_; }

    /// Whether its program makes it again, instead of hearing of `error`; then the row returns first_argument().
    bool is_repeated(Error error) const {
        proc::Proc& self = proc::current();
        if (!repetition().rewinds(error, self.registers(), until_)) return false;
        self.touched() = 0;  // it is told of what it reads when it is done
        return true;
    }
    static i64 first_argument() { return static_cast<i64>(proc::current().registers().a(0)); }

    /// What its row returns.
    i64 answer(const Result<u64>& result) const {
        if (!result.ok() && is_repeated(result.error())) return first_argument();
        return syscall::answer(result);
    }

private:
    static proc::Repetition& repetition() { return proc::current().repetition(); }

    Nanos until_;
};

}  // namespace kernel::syscall
