// Real time: the periods of a task, and who is admitted.
#include "sched/real_time.h"

#include "base/late.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/core.h"
#include "sched/qlock.h"
#include "sched/task.h"

namespace kernel::sched {

using detail::Core;
using detail::Waits;

namespace detail {
namespace {

/// What of `cost` in each `deadline` is `time`, which is less than `deadline`; rounded down.
u64 part_of(u64 cost, u64 time, u64 deadline) {
    // Products of 64 bits: longer times lose what does not count.
    const unsigned shift = static_cast<unsigned>(std::max(0, 32 - std::countl_zero(deadline)));
    return ((cost >> shift) * (time >> shift) / ((deadline >> shift) + 1)) << shift;
}

}  // namespace

// --- A task's share. ---

void RealTime::set_rank(Priority rank) { task_.set_real_time_rank(rank); }

bool RealTime::has_time(Nanos now) const { return left_ > 0 && now < due(); }

void RealTime::charge_locked(Nanos now) {
    const u64 used = now.value - std::min(now.value, runs_since_.value);
    runs_since_ = now;
    left_ -= std::min(left_, used);
}

void RealTime::begin_period(Nanos now) {
    const u64 late = now.value - std::min(now.value, period_began_.value);
    if (late < needs_.period.value) return;
    const u64 into = needs_.sporadic ? 0 : late % needs_.period.value;
    period_began_ = Nanos{now.value - into};
    left_ = needs_.cost.value;
    rests_ = false;
    // What it ran before that is no longer of interest.
    runs_since_ = std::max(runs_since_, period_began_);
    // relaxed: see due().
    due_.store((period_began_ + needs_.deadline).value, std::memory_order_relaxed);
    Core::record(task_, EventType::kRelease);
}

void RealTime::begin(const RealTimeNeeds& needs) {
    const Nanos now = machine::now();
    {
        const sync::IrqSaveGuard guard(lock_);
        needs_ = needs;
        // relaxed: for those who ask while it is admitted.
        harts_before_.store(task_.harts(), std::memory_order_relaxed);
        rests_ = ends_ = false;
        period_began_ = runs_since_ = now;
        left_ = needs.cost.value;
        // relaxed: see due().
        due_.store((now + needs.deadline).value, std::memory_order_relaxed);
        set_rank(kRealTimePriority);
        // [real.admitted] release: pairs with acquire in admitted().
        admitted_.store(1, std::memory_order_release);
    }
    Core::record(task_, EventType::kAdmit);
}

void RealTime::end() {
    bool was_parked = false;
    {
        const sync::IrqSaveGuard guard(lock_);
        // relaxed (all): under the lock, but for those who only look.
        admitted_.store(0, std::memory_order_relaxed);
        spent_.store(0, std::memory_order_relaxed);
        task_.set_real_time_rank(std::nullopt);
        was_parked = parked_.exchange(0, std::memory_order_relaxed) != 0;
    }
    // Whoever is to arm the timer may not have done it yet: this ends when he has, and the timer is
    // disarmed or was called. Also when nobody waits any more: its function goes on with the task
    // after it said so, and the task may end when this is done.
    for (bool waits = true; waits;) {
        const bool cancelled = timer_.cancel();
        const sync::IrqSaveGuard guard(lock_);
        if (cancelled) waits_ = false;
        waits = waits_;
    }
    Core::record(task_, EventType::kExpel);
    if (was_parked) {
        Core::queue(task_);
    } else {
        Core::requeue(task_);
        task_.interrupt_hart();  // which gave it a slice by its share
    }
}

void RealTime::period_begins(Timer& timer, void* real_time) {
    auto& self = *static_cast<RealTime*>(real_time);
    const Nanos now = machine::now();
    bool was_parked = false;
    bool has_time = false;
    Nanos next{};
    {
        const sync::IrqsOffGuard guard(self.lock_);
        // relaxed: as in end().
        const bool is_parked = self.parked_.load(std::memory_order_relaxed) != 0;
        const bool has_nothing_to_do =
            self.needs_.sporadic && !is_parked && is_waiting(self.task_.state());
        if (!self.admitted() || has_nothing_to_do) {
            self.waits_ = false;
            return;
        }
        self.begin_period(now);
        has_time = self.has_time(now);
        if (has_time) {
            self.set_rank(kRealTimePriority);
            // relaxed: as in end().
            was_parked = self.parked_.exchange(0, std::memory_order_relaxed) != 0;
        }
        self.waits_ = !has_time;
        next = self.next_period();
    }
    if (was_parked) {
        Core::push(self.task_);
    } else if (has_time) {
        Core::requeue(self.task_);
    } else {
        timer.arm(next);
    }
}

Turn RealTime::turn(Nanos now) {
    if (!admitted()) return Turn::kRuns;
    begin_period(now);
    const bool has = has_time(now);
    // relaxed: its own hart asks, before user mode.
    spent_.store(!has && !needs_.extra && !ends_, std::memory_order_relaxed);
    if (has) {
        set_rank(kRealTimePriority);
        return Turn::kRuns;
    }
    if (rests_) return Turn::kWaits;
    set_rank(kMaxPriority);
    return Turn::kGoesOn;
}

void RealTime::wake(Nanos now) {
    const sync::IrqSaveGuard guard(lock_);
    if (!admitted()) return;
    begin_period(now);
    if (has_time(now))
        left_ =
            std::min(left_, part_of(needs_.cost.value, (due() - now).value, needs_.deadline.value));
}

Turn RealTime::ready(Nanos now) {
    Turn what = Turn::kRuns;
    Nanos next{};
    {
        const sync::IrqsOffGuard guard(lock_);
        what = turn(now);
        // relaxed: as in end().
        if (what == Turn::kWaits) parked_.store(1, std::memory_order_relaxed);
        if (what == Turn::kRuns || !wants_timer()) return what;
        next = next_period();
    }
    timer_.arm(next);
    return what;
}

bool RealTime::may_go_on(Nanos now) {
    Nanos next{};
    {
        const sync::IrqsOffGuard guard(lock_);
        const Turn what = turn(now);
        if (what != Turn::kGoesOn) return what == Turn::kRuns;
        if (!wants_timer()) return true;
        next = next_period();
    }
    timer_.arm(next);
    return true;
}

Nanos RealTime::run(Nanos now) {
    const sync::IrqsOffGuard guard(lock_);
    runs_since_ = now;
    if (!admitted() || task_.priority() != kRealTimePriority) return kQuantum;
    // Without time, as its deadline passed while it was queued, it is interrupted at once, and its
    // rank changes.
    if (!has_time(now)) return Nanos{0};
    return std::min(Nanos{left_}, due() - now);
}

void RealTime::charge(Nanos now) {
    const sync::IrqsOffGuard guard(lock_);
    charge_locked(now);
}

void RealTime::look(Nanos now) {
    {
        const sync::IrqsOffGuard guard(lock_);
        if (!admitted()) return;
        // What belongs to the last period is forgotten first.
        begin_period(now);
        charge_locked(now);
        if (!has_time(now) && task_.priority() == kRealTimePriority)
            Core::record(task_, EventType::kDeadline);
    }
    (void)may_go_on(now);  // ignored: who runs rests only when it says so
}

void RealTime::rest(Rest how) {
    const machine::InterruptsOff off;
    const Nanos now = machine::now();
    const sync::IrqsOffGuard guard(lock_);
    if (!admitted()) return;
    charge_locked(now);
    begin_period(now);
    if (how == Rest::kOfThisPeriod) left_ = 0;
    rests_ = !ends_ && !has_time(now) && (how == Rest::kOfThisPeriod || !needs_.extra);
}

void RealTime::set_flags(const RealTimeNeeds& needs) {
    const sync::IrqSaveGuard guard(lock_);
    needs_.sporadic = needs.sporadic;
    needs_.extra = needs.extra;
}

void RealTime::wait_no_more() {
    bool was_parked = false;
    {
        const sync::IrqSaveGuard guard(lock_);
        if (!admitted()) return;
        ends_ = true;
        rests_ = false;
        // relaxed (both): as in end().
        spent_.store(0, std::memory_order_relaxed);
        was_parked = parked_.exchange(0, std::memory_order_relaxed) != 0;
        if (was_parked) set_rank(kMaxPriority);
    }
    if (was_parked) Core::push(task_);
}

}  // namespace detail

// --- Who has shares. ---

namespace {

/// What a hart has for real time, in parts of which it has kParts.
constexpr u64 kParts = 20;
constexpr u64 kForRealTime = 19;

constexpr u64 divided_up(u64 number, u64 by) { return number / by + (number % by != 0 ? 1 : 0); }

/// The steps that are left.
struct Steps {
    u32 left = kSchedulingSteps;
    bool take() { return left != 0 && left-- != 0; }
};

/// In 2^-32 of a hart, rounded up.
u64 utilization(std::span<const RealTimeNeeds> all) {
    u64 sum = 0;
    for (const RealTimeNeeds& needs : all) {
        // Times of more than 2^32 ns lose what does not count.
        const unsigned shift =
            static_cast<unsigned>(std::max(0, 32 - std::countl_zero(needs.period.value)));
        sum += divided_up(((needs.cost.value >> shift) + (shift != 0 ? 1 : 0)) << 32,
                          std::max<u64>(needs.period.value >> shift, 1));
    }
    return sum;
}

/// How long a hart is busy at most when all begin at once; nothing if that takes too many steps to
/// find out.
std::optional<u64> busy_time(std::span<const RealTimeNeeds> all, Steps& steps) {
    u64 busy = 1;
    for (;;) {  // grows to the end, or until the steps are used up
        u64 wanted = 0;
        for (const RealTimeNeeds& needs : all) {
            if (!steps.take()) return std::nullopt;
            wanted += divided_up(busy, needs.period.value) * needs.cost.value;
        }
        const u64 longer = divided_up(wanted * kParts, kForRealTime);
        if (longer <= busy) return busy;
        busy = longer;
    }
}

/// What must be done until `time` if all begin at once.
u64 demand(std::span<const RealTimeNeeds> all, u64 time) {
    u64 sum = 0;
    for (const RealTimeNeeds& needs : all) {
        if (time < needs.deadline.value) continue;
        sum += ((time - needs.deadline.value) / needs.period.value + 1) * needs.cost.value;
    }
    return sum;
}

/// The first deadline behind `time`.
u64 next_deadline(std::span<const RealTimeNeeds> all, u64 time) {
    u64 first = ~u64{0};
    for (const RealTimeNeeds& needs : all) {
        const u64 deadline = needs.deadline.value;
        const u64 next = time < deadline ? deadline
                                         : deadline + ((time - deadline) / needs.period.value + 1) *
                                                          needs.period.value;
        first = std::min(first, next);
    }
    return first;
}

/// A task with a share.
struct Share {
    Task* task = nullptr;
    RealTimeNeeds needs;
    machine::HartIndex hart = 0;
};

/// All who have shares, and room to find out whether one more fits.
struct Admissions {
    QLock lock{sync::LockRank::kAdmission};
    std::array<Share, kRealTimeTasksMax> shares GUARDED_BY(lock);
    usize count GUARDED_BY(lock) = 0;
    // Too many for a kernel's stack.
    std::array<RealTimeNeeds, kRealTimeTasksMax> together GUARDED_BY(lock);
};
constinit Late<Admissions> admissions;

/// The needs of those on `hart`, and of one more.
std::span<const RealTimeNeeds> collect(Admissions& all, machine::HartIndex hart,
                                       const RealTimeNeeds& more) REQUIRES(all.lock) {
    usize count = 0;
    for (const Share& share : std::span(all.shares).first(all.count)) {
        if (share.hart == hart) all.together[count++] = share.needs;
    }
    all.together[count++] = more;
    return std::span(all.together).first(count);
}

Result<void> check(const RealTimeNeeds& needs) {
    if (needs.period == Nanos{}) return Error::kNoPeriod;
    if (needs.cost == Nanos{}) return Error::kNoCost;
    if (needs.deadline > needs.period) return Error::kLateDeadline;
    if (needs.cost > needs.deadline) return Error::kEarlyDeadline;
    if (needs.period < kLeastPeriod || needs.cost < kLeastCost) return Error::kNotSchedulable;
    return {};
}

/// The hart of `harts` with the least to do in real time that can do `needs` too. Errors:
/// kNotSchedulable; kMaybeNotSchedulable.
Result<machine::HartIndex> find_hart(Admissions& all, HartSet harts, const RealTimeNeeds& needs)
    REQUIRES(all.lock) {
    Error why = Error::kNotSchedulable;
    std::optional<machine::HartIndex> best;
    u64 least = ~u64{0};
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        if ((harts >> hart & 1) == 0) continue;
        const std::span<const RealTimeNeeds> together = collect(all, hart, needs);
        const u64 used = utilization(together);
        if (used >= least) continue;
        const Schedulable answer = is_schedulable(together);
        if (answer == Schedulable::kTooLongToSay) why = Error::kMaybeNotSchedulable;
        if (answer != Schedulable::kYes) continue;
        best = hart;
        least = used;
    }
    if (!best) return why;
    return *best;
}

}  // namespace

void init_real_time() { admissions.make(); }

bool is_admitted(const Task& task) { return task.real_time().admitted(); }
bool is_spent(const Task& task) { return task.real_time().spent(); }
bool waits_for_period(const Task& task) { return task.real_time().parked(); }
HartSet harts_for_others(const Task& task) {
    return is_admitted(task) ? task.real_time().harts_before() : task.harts();
}
void set_flags(Task& task, const RealTimeNeeds& needs) { task.real_time().set_flags(needs); }
void wait_no_more(Task& task) { task.real_time().wait_no_more(); }

void rest_if_spent() {
    Task& self = Task::current();
    if (!is_spent(self)) return;
    Waits::check_may_sleep();
    ASSERT(self.sleep_lock_count_ == 0);
    const machine::InterruptsOff off;
    self.real_time().rest(detail::Rest::kIfSpent);
    Core::give_way(EventType::kSlice);
}

Schedulable is_schedulable(std::span<const RealTimeNeeds> all) {
    if (utilization(all) > (u64{1} << 32) / kParts * kForRealTime) return Schedulable::kNo;
    Steps steps;
    const std::optional<u64> busy = busy_time(all, steps);
    if (!busy) return Schedulable::kTooLongToSay;
    for (u64 time = next_deadline(all, 0); time <= *busy; time = next_deadline(all, time)) {
        for (usize i = 0; i < all.size(); ++i) {
            if (!steps.take()) return Schedulable::kTooLongToSay;
        }
        if (demand(all, time) > time / kParts * kForRealTime) return Schedulable::kNo;
    }
    return Schedulable::kYes;
}

Result<void> admit(Task& task, const RealTimeNeeds& asked) {
    RealTimeNeeds needs = asked;
    if (needs.deadline == Nanos{}) needs.deadline = needs.period;
    TRY(check(needs));
    Admissions& all = *admissions;
    const QLockGuard guard(all.lock);
    if (task.real_time().admitted()) return Error::kTaskState;
    if (all.count == all.shares.size()) return Error::kNotSchedulable;
    const machine::HartIndex hart = TRY(find_hart(all, task.harts() & machine_harts(), needs));
    all.shares[all.count++] = {&task, needs, hart};
    task.real_time().begin(needs);
    task.set_harts(HartSet{1} << hart);
    return {};
}

void expel(Task& task) {
    if (!task.real_time().admitted()) return;
    Admissions& all = *admissions;
    const QLockGuard guard(all.lock);
    const std::span<Share> shares = std::span(all.shares).first(all.count);
    const auto share = std::find_if(shares.begin(), shares.end(),
                                    [&task](const Share& one) { return one.task == &task; });
    if (share == shares.end()) return;
    *share = shares.back();
    --all.count;
    task.real_time().end();
    task.set_harts(task.real_time().harts_before());
}

Result<void> confine(Task& task, HartSet harts) {
    const QLockGuard guard(admissions->lock);
    if (is_admitted(task)) return Error::kTaskState;
    task.set_harts(harts);
    return {};
}

}  // namespace kernel::sched
