// Waits: how a task that waits and those who may wake it agree on who does it, once.
#pragma once

#include "base/std.h"
#include "sched/task.h"

namespace kernel::sched::detail {

enum class Interruptible : u8 { kNo, kYes };

/// The word Task::wake_ and its protocol.
///
/// Bits: kPending (the interrupt flag), kWaiting (may be woken), kInterruptible (by interrupt()
/// too).
/// Transitions:
///   begin()    task: sets kWaiting [and kInterruptible], unless it is to be interruptible and
///              kPending is set
///   take()     anybody: clears kWaiting and kInterruptible if kWaiting is set. Exactly one wins;
///              the winner makes the task ready (or is the task itself, which then goes on)
///   interrupt  anybody: sets kPending, and takes if kInterruptible is set, in one step
/// Invariants: (W1) a task blocks only between begin() and somebody's take(); (W2) with kPending
/// set no wait that is interruptible begins or goes on, so an interrupt is never lost.
/// Linearization: the successful compare-exchange of each.
/// Progress: lock-free; a failed exchange means another's transition succeeded.
class Waits {
public:
    static constexpr u32 kPending = Task::kInterruptPending;
    static constexpr u32 kWaiting = 2;
    static constexpr u32 kInterruptible = 4;

    /// The running task is about to wait as `state`. False if it is interruptible and the interrupt
    /// flag is set; then nothing has changed. Context: task, interrupts off.
    static bool begin(Task& self, TaskState state, Interruptible interruptible);
    /// The running task finds that it need not wait after all. If somebody took the wait already,
    /// goes through the scheduler, because that one has made the task ready.
    static void withdraw(Task& self);
    /// Blocks the running task until its wait is taken. Context: task, interrupts off, no spin
    /// lock.
    static void block();
    /// Takes the wait of `task` and makes it ready. Returns whether it waited. Any context.
    static bool wake(Task& task);
    /// Sets the interrupt flag; wakes the task if its wait is interruptible. Returns whether so.
    static bool interrupt(Task& task);

    /// Stops unless the running task may sleep here.
    static void check_may_sleep();
    /// The ranks of sleeping locks: checks (debug builds) that `rank` may be taken, notes it, and
    /// forgets it. Context: task.
    static void check_order(const Task& self, sync::LockRank rank);
    static void note_taken(Task& self, sync::LockRank rank);
    static void note_released(Task& self, sync::LockRank rank) {
        const u32 count = self.sleep_lock_count_;
        if (count > 0 && self.sleep_locks_[count - 1] == rank) [[likely]] {
            self.sleep_lock_count_ = count - 1;
        } else {
            forget_taken(self, rank);
        }
    }

private:
    /// Of one that is not the last that was taken.
    [[gnu::cold]] static void forget_taken(Task& self, sync::LockRank rank);
    static bool take(Task& task);
    /// The running task, which seemed to wait, runs on. Context: task, interrupts off.
    static void go_on(Task& self);
};

}  // namespace kernel::sched::detail
