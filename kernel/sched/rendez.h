// Rendez: the place where one task sleeps until a condition holds and others wake it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "sched/task.h"
#include "sched/waits.h"
#include "sync/spin_lock.h"

namespace kernel::sched {

class Rendez;

namespace detail {

/// A predicate with its type erased; refers to the caller's object.
class Condition {
public:
    template <class Predicate>
    explicit Condition(Predicate& predicate)
        : object_(std::addressof(predicate)), test_([](const void* object) {
              return static_cast<bool>((*static_cast<Predicate*>(const_cast<void*>(object)))());
          }) {}
    bool holds() const { return test_(object_); }

private:
    const void* object_;
    bool (*test_)(const void* object);
};

inline constexpr Nanos kNoDeadline{~u64{0}};
enum class SleepEnd : u8 { kHolds, kInterrupted, kTimedOut };
SleepEnd sleep_on(Rendez& rendez, Condition condition, TaskState state, Nanos deadline,
                  Interruptible interruptible);
/// The same when the condition does not hold at once.
[[gnu::noinline]] SleepEnd sleep_slowly(Rendez& rendez, Condition condition, TaskState state,
                                        Nanos deadline, Interruptible interruptible);

}  // namespace detail

/// A place to sleep for one task at a time. Who makes the condition true calls wakeup() after it;
/// no wake-up is lost: the sleeper registers before it looks at the condition for the last time.
/// Must not go while somebody may still call wakeup().
class Rendez : Pinned {
public:
    constexpr Rendez() = default;
    ~Rendez();

    /// Who sleeps here, for debuggers; may be gone at once.
    const Task* sleeper() const;

private:
    friend detail::SleepEnd detail::sleep_slowly(Rendez&, detail::Condition, TaskState, Nanos,
                                                 detail::Interruptible);
    friend bool wakeup(Rendez&);

    void enter(Task& task);
    void leave(Task& task);
    bool wake();

    mutable sync::SpinLock<sync::LockRank::kRendez> lock_;
    Task* sleeper_ GUARDED_BY(lock_) = nullptr;
};

/// Sleeps on `rendez` until `ready()` holds. `ready` is called with interrupts on and off, any
/// number of times, holding no lock of ours; it may take spin locks, not sleep. `state` is what
/// /proc shows meanwhile.
/// Context: task, interrupts on, no spin lock held; a second sleeper is an assertion.
/// Locks:   rendez; run queue.
/// Returns: kInterrupted if the task's interrupt flag is set before `ready()` holds.
/// Cost:    O(1); one switch.
template <class Predicate>
Result<void> sleep(Rendez& rendez, Predicate&& ready, TaskState state = TaskState::kWakeme) {
    if (detail::sleep_on(rendez, detail::Condition(ready), state, detail::kNoDeadline,
                         detail::Interruptible::kYes) == detail::SleepEnd::kInterrupted) {
        return Error::kInterrupted;
    }
    return {};
}

/// As sleep(), but the interrupt flag does not end it.
template <class Predicate>
void sleep_uninterruptible(Rendez& rendez, Predicate&& ready,
                           TaskState state = TaskState::kWakeme) {
    detail::sleep_on(rendez, detail::Condition(ready), state, detail::kNoDeadline,
                     detail::Interruptible::kNo);
}

/// As sleep(), until `deadline` (a machine::now() value) at most. Returns whether `ready()` held;
/// false: the time came first.
template <class Predicate>
Result<bool> sleep_until(Rendez& rendez, Nanos deadline, Predicate&& ready,
                         TaskState state = TaskState::kWakeme) {
    const detail::SleepEnd end = detail::sleep_on(rendez, detail::Condition(ready), state, deadline,
                                                  detail::Interruptible::kYes);
    if (end == detail::SleepEnd::kInterrupted) return Error::kInterrupted;
    return end == detail::SleepEnd::kHolds;
}

/// As sleep_until(), but the interrupt flag does not end it.
template <class Predicate>
bool sleep_until_uninterruptible(Rendez& rendez, Nanos deadline, Predicate&& ready,
                                 TaskState state = TaskState::kWakeme) {
    return detail::sleep_on(rendez, detail::Condition(ready), state, deadline,
                            detail::Interruptible::kNo) == detail::SleepEnd::kHolds;
}

/// Sleeps for `time`. Context: as sleep(). Returns: kInterrupted if the interrupt flag is set
/// first.
Result<void> sleep_for(Nanos time);

/// Wakes the sleeper, which looks at its condition again. Call it after making the condition true.
/// Context: any, interrupts included; also under spin locks ranked below kRendez.
/// Locks:   rendez; run queue.
/// Returns: whether somebody slept.
bool wakeup(Rendez& rendez);

}  // namespace kernel::sched
