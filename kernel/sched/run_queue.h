// RunQueue: the ready tasks of one hart, by priority; first come first served within one.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/lowest_bit.h"
#include "base/std.h"
#include "base/units.h"
#include "sched/priority.h"
#include "sched/task.h"
#include "sync/spin_lock.h"

namespace kernel::sched::detail {

/// What runs when no task does: below every priority.
inline constexpr i32 kNothingRuns = -1;
/// Of what does not run in real time: later than every deadline.
inline constexpr Nanos kNeverDue{~u64{0}};

/// Any hart pushes and steals, its own hart takes. Only tasks that no hart is on are in a queue.
/// Invariant: bit_of(l) of levels_ is set exactly when lists_[l] is not empty; ready_ is their
/// number.
class RunQueue : Pinned {
public:
    explicit RunQueue(machine::HartIndex hart) : hart_(hart) {}

    /// What became of a task that was added, for the question whom to interrupt.
    struct Pushed {
        Priority level;  // where it is queued
        HartSet harts;   // where it may run, now that it is queued
        i32 running;     // what this hart runs; one less in real time if that is due later
    };

    /// Adds `task` at its effective priority; in real time before those that are due later. Returns
    /// nothing, and adds nothing, if the task may not run here: its harts may have changed since
    /// this queue was chosen. Context: interrupts off. Cost: O(1).
    std::optional<Pushed> push(Task& task) EXCLUDES(lock_);

    /// Takes the best task whose priority is at least `least`; null if none. With a task or not,
    /// `otherwise` is what the hart runs when there is none, and `due` its deadline. Context: interrupts off, this hart.
    /// Cost: O(1).
    Task* take(Priority least, i32 otherwise, Nanos due) EXCLUDES(lock_);

    /// Takes the best task that may run on `thief`; null if there is none among the first few of
    /// each level. Context: interrupts off. Cost: O(levels).
    Task* steal(machine::HartIndex thief) EXCLUDES(lock_);

    /// Takes the best task that may run on `thief` of those whose priority is at least `least` but
    /// less than that of what this hart runs; null if there is none among the first few of each
    /// level. Context: interrupts off. Cost: O(levels).
    Task* steal_who_starves(machine::HartIndex thief, i32 least) EXCLUDES(lock_);

    /// Those of `idle` that may take what is queued here, one for each of the first few tasks of
    /// each level; none while this hart runs nothing, as it looks itself. Context: interrupts off.
    /// Cost: O(levels), one load if nothing is queued.
    HartSet thieves(HartSet idle) const EXCLUDES(lock_);

    /// Takes `task` off if it is on. Context: interrupts off.
    bool remove(Task& task) EXCLUDES(lock_);

    /// Computes the priority of every queued task again, given the hart's load. One level is locked
    /// at a time. Context: interrupts off. Cost: O(ready).
    void reprioritize(Nanos now, u32 load) EXCLUDES(lock_);

    /// The priority of what the hart runs, as those who queue tasks know it; kNothingRuns. Context:
    /// interrupts off, and this hart, which alone changes it, or under the lock. Cost: one load.
    i32 running() const;
    /// What the hart runs has changed its priority; `due` is its deadline. Context: interrupts off,
    /// this hart.
    void set_running(i32 priority, Nanos due) EXCLUDES(lock_);

    /// The first deadline of those queued in real time, or kNeverDue. A snapshot. Cost: one load.
    Nanos first_due() const;
    /// The best priority queued, or kNothingRuns. A snapshot. Cost: one load.
    i32 best() const;
    /// How many are queued. A snapshot, but see [queue.ready].
    u32 ready() const;

    /// Prints names and levels of the first tasks without taking the lock; for panics.
    void print(Sink& sink) const NO_THREAD_SAFETY_ANALYSIS;

private:
    using TaskList = List<Task, &Task::queue_hook_>;
    /// How many tasks of a level a thief looks at.
    static constexpr usize kStealScan = 16;

    /// Of `levels_`: the best level is the lowest bit, which is quick to find.
    static constexpr u32 bit_of(Priority level) { return u32{1} << (kPriorityLevels - 1 - level); }
    static i32 best_of(u32 levels) {
        if (levels == 0) return kNothingRuns;
        return static_cast<i32>(kPriorityLevels - 1 - lowest_bit(levels));
    }
    /// False, and it is not, if the task may not run here.
    bool link(Task& task) REQUIRES(lock_);
    Task* steal_from(Priority level, machine::HartIndex thief) REQUIRES(lock_);
    void unlink(Task& task) REQUIRES(lock_);
    void enter_level(Task& task) REQUIRES(lock_);
    void leave_level(Task& task) REQUIRES(lock_);

    const machine::HartIndex hart_;
    mutable sync::SpinLock<sync::LockRank::kRunQueue> lock_;
    static void insert_by_deadline(TaskList& list, Task& task);
    void note_first_due() REQUIRES(lock_);

    Atomic<i32> running_{kNothingRuns};  // atomic: written under lock_ by this hart only
    Nanos running_due_ GUARDED_BY(lock_) = kNeverDue;
    std::array<TaskList, kPriorityLevels> lists_ GUARDED_BY(lock_);
    Atomic<u64> first_due_{kNeverDue.value};  // atomic: written under lock_; read as a hint
    Atomic<u32> levels_{0};  // atomic: written under lock_; read by best() as a hint
    Atomic<u32> ready_{0};   // atomic: [queue.ready] written under lock_
};

}  // namespace kernel::sched::detail
