// Completion: something that happens once and that one task waits for.
#pragma once

#include "base/std.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::sched {

/// Unlike a Rendez, it may go as soon as the wait is over: the one who completes it no longer
/// touches it then. So it can live on the waiter's stack.
class Completion : Pinned {
public:
    constexpr Completion() = default;

    /// It has happened. Context: any. Locks: completion; rendez; run queue.
    void complete();
    /// Waits until it has happened. Context: as sleep().
    /// Returns: kInterrupted if the interrupt flag is set first; then it may still happen, and the
    /// object must stay until it has.
    Result<void> wait();
    void wait_uninterruptible();
    /// Whether it has happened; if so, whoever completed it is done with the object. Any context.
    bool completed() const;

private:
    mutable sync::SpinLock<sync::LockRank::kCompletion> lock_;
    bool completed_ GUARDED_BY(lock_) = false;
    Rendez rendez_;
};

}  // namespace kernel::sched
