// Real time: shares of a hart that tasks have for certain: so much time before a deadline in each
// period, earliest deadline first.
#pragma once

#include "base/annotations.h"
#include "base/assert.h"
#include "base/atomic.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "sched/hart_set.h"
#include "sched/priority.h"
#include "sched/timer.h"
#include "sync/spin_lock.h"

namespace kernel::sched {

class Task;

/// What a task asks for. Zero: not said.
struct RealTimeNeeds {
    Nanos period{};
    Nanos deadline{};       // after the beginning of a period; not said: its end
    Nanos cost{};           // of a hart's time in each
    bool sporadic = false;  // a period begins no earlier than it has something to do
    bool extra = false;     // what has used up its time goes on as the best of best effort
};

/// Whether a hart can serve all of `all`, each of which has a period, a deadline and a cost, none
/// more than the one before.
enum class Schedulable : u8 { kYes, kNo, kTooLongToSay };
/// By what must be done before each deadline when all periods begin at once. A hart keeps a
/// twentieth of its time for others. Cost: up to kSchedulingSteps.
inline constexpr u32 kSchedulingSteps = 40000;
Schedulable is_schedulable(std::span<const RealTimeNeeds> all);

/// Tasks that may have shares at once.
inline constexpr usize kRealTimeTasksMax = 64;

/// What is less is not schedulable: interrupts and switches would take more.
inline constexpr Nanos kLeastPeriod = nanos_from_micros(100);
inline constexpr Nanos kLeastCost = nanos_from_micros(20);

/// Makes room for them. Context: boot.
void init_real_time();

/// Gives `task` its share of one of the harts that it may run on; it stays there while it has it.
/// Errors: kTaskState if it has one; kNoPeriod, kNoCost, kLateDeadline, kEarlyDeadline for needs
/// that cannot be; kNotSchedulable, also when too many have shares; kMaybeNotSchedulable if that is
/// too long to find out. Context: task, no lock held; the task does not end meanwhile without
/// expel() after it.
Result<void> admit(Task& task, const RealTimeNeeds& needs);
/// Takes it back, if it has one. Context: task, no lock held.
void expel(Task& task);
/// Task::set_harts(), unless it has a share. Errors: kTaskState. Context: as expel().
Result<void> confine(Task& task, HartSet harts);

/// Waits for the next period if the caller's time of this one is used up and it has nothing extra:
/// the one place, with yield(), where a task is made to wait, as nobody can wait for anything of it
/// there. Context: task, no lock held.
void rest_if_spent();

// Of any task; the first two are snapshots. Any context.

/// Whether it has a share.
bool is_admitted(const Task& task);
/// Whether it waits for its next period to begin.
bool waits_for_period(const Task& task);
/// Whether rest_if_spent() would do anything. The task's hart. Cost: a load.
bool is_spent(const Task& task);
/// The harts that it may run on without its share.
HartSet harts_for_others(const Task& task);
/// Takes over `sporadic` and `extra`, if it has a share. Locks: its share's.
void set_flags(Task& task, const RealTimeNeeds& needs);
/// From now on it waits for no period, as its end does not. Locks: its share's, run queue.
void wait_no_more(Task& task);

namespace detail {

/// What a task may do now.
enum class Turn : u8 {
    kRuns,    // it has time in its period, or no share at all
    kGoesOn,  // it has none, and goes on as the best of best effort
    kWaits,   // it waits for its next period, as it said
};

/// What rests.
enum class Rest : u8 {
    kIfSpent,       // who has no time, and nothing extra
    kOfThisPeriod,  // who gives away what is left
};

/// A task's share, and where it is in its period.
class RealTime : Pinned {
public:
    explicit constexpr RealTime(Task& task) : task_(task) {}
    /// What a task that has no share yet begins with.
    void init() { ASSERT(!admitted()); }

    /// Whether the task has a share. Any context.
    bool admitted() const {
        // [real.admitted] acquire: pairs with release in begin().
        return admitted_.load(std::memory_order_acquire) != 0;
    }
    /// Whether it waits for its period to begin. A snapshot.
    bool parked() const {
        // relaxed: for whoever looks.
        return parked_.load(std::memory_order_relaxed) != 0;
    }
    bool spent() const {
        // relaxed: as in turn().
        return spent_.load(std::memory_order_relaxed) != 0;
    }
    HartSet harts_before() const {
        // relaxed: as in begin().
        return harts_before_.load(std::memory_order_relaxed);
    }
    /// Its deadline, while it runs or is queued in its period. Of its hart, or under its queue's
    /// lock.
    Nanos due() const {
        // relaxed: it changes while the task is in no queue, and on no hart.
        return Nanos{due_.load(std::memory_order_relaxed)};
    }

    /// Begins and ends the share. Context: task, no spin lock held.
    void begin(const RealTimeNeeds& needs) EXCLUDES(lock_);
    void end() EXCLUDES(lock_);

    /// It has become ready: a new period begins if it is time. Context: interrupts off; the task is
    /// on no hart.
    Turn ready(Nanos now) EXCLUDES(lock_);
    /// Whether it need not wait for its next period. Its hart.
    bool may_go_on(Nanos now) EXCLUDES(lock_);
    /// A hart begins to run it, or goes on. Returns how long it may. Its hart.
    Nanos run(Nanos now) EXCLUDES(lock_);
    /// It has run until now. Its hart.
    void charge(Nanos now) EXCLUDES(lock_);
    /// The running task has run until now: its rank follows from what is left. Its hart.
    void look(Nanos now) EXCLUDES(lock_);
    /// It was woken: of this period it has what its share is of the rest, as others count on that.
    /// Any context.
    void wake(Nanos now) EXCLUDES(lock_);
    /// The running task holds nothing, and may be put off until its next period. Its hart.
    void rest(Rest how) EXCLUDES(lock_);
    void set_flags(const RealTimeNeeds& needs) EXCLUDES(lock_);
    /// See sched::wait_no_more().
    void wait_no_more() EXCLUDES(lock_);

private:
    static void period_begins(Timer& timer, void* real_time);
    /// Begins a new period if it is time.
    void begin_period(Nanos now) REQUIRES(lock_);
    /// The one place that decides; begins a new period, and sets its rank.
    Turn turn(Nanos now) REQUIRES(lock_);
    bool has_time(Nanos now) const REQUIRES(lock_);
    void charge_locked(Nanos now) REQUIRES(lock_);
    /// Its rank: that of real time, or the best of best effort.
    void set_rank(Priority rank) REQUIRES(lock_);
    /// Whether the caller is to arm the timer, without the lock, for next_period().
    bool wants_timer() REQUIRES(lock_) { return !std::exchange(waits_, true); }
    Nanos next_period() const REQUIRES(lock_) { return period_began_ + needs_.period; }

    Task& task_;
    Atomic<u32> admitted_{0};      // atomic: [real.admitted] changes under lock_
    Atomic<u32> parked_{0};        // atomic: changes under lock_
    Atomic<u64> due_{0};           // atomic: see due(); changes under lock_
    Atomic<u32> spent_{0};         // atomic: see is_spent(); changes under lock_
    Atomic<u64> harts_before_{0};  // atomic: see harts_for_others(); changes under lock_
    sync::SpinLock<sync::LockRank::kRealTime> lock_;
    RealTimeNeeds needs_ GUARDED_BY(lock_);
    Nanos period_began_ GUARDED_BY(lock_){};
    u64 left_ GUARDED_BY(lock_) = 0;        // of its cost in this period
    Nanos runs_since_ GUARDED_BY(lock_){};  // what it ran before that is charged
    bool rests_ GUARDED_BY(lock_) = false;  // in this period it goes on no more
    bool ends_ GUARDED_BY(lock_) = false;   // it waits for no period any more
    // Somebody arms the timer, or has: exactly one may, without the lock, which its function takes.
    bool waits_ GUARDED_BY(lock_) = false;
    Timer timer_{period_begins, this};
};

}  // namespace detail

}  // namespace kernel::sched
