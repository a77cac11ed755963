// TimerQueue: the armed timers of one hart, the earliest first.
#pragma once

#include "base/annotations.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "sched/timer.h"
#include "sync/spin_lock.h"

namespace kernel::sched::detail {

/// A pairing heap: arming is O(1), taking the first and cancelling O(log n) amortised.
/// Its hart arms and runs timers; any hart cancels.
class TimerQueue : Pinned {
public:
    /// Adds `timer`, whose hart is this queue's. Returns whether it is the first now.
    bool add(Timer& timer, Nanos when, machine::HartIndex hart) EXCLUDES(lock_);
    Timer::Cancelled remove(Timer& timer) EXCLUDES(lock_);
    /// Calls the functions of all timers due at `now`, the earliest first. Interrupts off.
    void run_due(Nanos now) EXCLUDES(lock_);
    /// When the first is due; machine::kNoAlarm if there is none. Interrupts off.
    Nanos first() EXCLUDES(lock_);
    /// Whether `timer`, which is or was last on this queue, waits for its time.
    bool holds(const Timer& timer) EXCLUDES(lock_);
    /// Whether the function of `timer` runs now.
    bool running(const Timer& timer) EXCLUDES(lock_);

private:
    static bool before(const Timer& a, const Timer& b);
    static Timer* meld(Timer* a, Timer* b);
    static Timer* meld_pairs(Timer* first);
    void take_out(Timer& timer) REQUIRES(lock_);

    sync::SpinLock<sync::LockRank::kTimers> lock_;
    Timer* root_ GUARDED_BY(lock_) = nullptr;
    const Timer* running_ GUARDED_BY(lock_) = nullptr;
    u64 armed_ GUARDED_BY(lock_) = 0;  // how many were ever armed: the order of equals
};

}  // namespace kernel::sched::detail
