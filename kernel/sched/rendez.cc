// Sleeping on a Rendez and waking from it.
#include "sched/rendez.h"

#include "base/assert.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/timer.h"

namespace kernel::sched {

using detail::SleepEnd;
using detail::Waits;

Rendez::~Rendez() { ASSERT(sleeper() == nullptr); }

const Task* Rendez::sleeper() const {
    sync::IrqSaveGuard guard(lock_);
    return sleeper_;
}

void Rendez::enter(Task& task) {
    sync::IrqSaveGuard guard(lock_);
    ASSERT(sleeper_ == nullptr);
    sleeper_ = &task;
}

/// Also waits for a waker that has the lock: after this it no longer knows the task.
void Rendez::leave(Task& task) {
    sync::IrqSaveGuard guard(lock_);
    if (sleeper_ == &task) sleeper_ = nullptr;
}

bool Rendez::wake() {
    sync::IrqSaveGuard guard(lock_);
    if (sleeper_ == nullptr) return false;
    // It stays on the Rendez until it has looked at its condition, so the pointer stays good.
    return Waits::wake(*sleeper_);
}

/// Why no wake-up is lost: the sleeper begins its wait, then registers, then looks at the
/// condition; the waker makes the condition true, then looks for a registered sleeper. Both look
/// under the Rendez's lock. If the waker came first, its condition is seen; if the sleeper came
/// first, it is found, and its wait has begun, so it can be taken.
SleepEnd detail::sleep_slowly(Rendez& rendez, Condition condition, TaskState state, Nanos deadline,
                              Interruptible interruptible) {
    ASSERT(is_waiting(state));
    Task& self = Task::current();
    Timer timer([](Timer&, void* task) { Waits::wake(*static_cast<Task*>(task)); }, &self);
    do {  // a turn per wake-up
        if (deadline != kNoDeadline && machine::now() >= deadline) return SleepEnd::kTimedOut;
        const machine::InterruptsOff off;
        if (!Waits::begin(self, state, interruptible)) return SleepEnd::kInterrupted;
        rendez.enter(self);
        if (condition.holds()) {
            Waits::withdraw(self);
        } else {
            if (deadline != kNoDeadline) timer.arm(deadline);
            Waits::block();
        }
        // The timer first: it must not take a later wait.
        if (deadline != kNoDeadline) timer.cancel();
        rendez.leave(self);
    } while (!condition.holds());
    return SleepEnd::kHolds;
}

SleepEnd detail::sleep_on(Rendez& rendez, Condition condition, TaskState state, Nanos deadline,
                          Interruptible interruptible) {
    Waits::check_may_sleep();
    if (condition.holds()) return SleepEnd::kHolds;
    return sleep_slowly(rendez, condition, state, deadline, interruptible);
}

bool wakeup(Rendez& rendez) { return rendez.wake(); }

Result<void> sleep_for(Nanos time) {
    Rendez rendez;
    const Nanos now = machine::now();
    // A span beyond the end of time is for ever.
    const Nanos end =
        time.value < detail::kNoDeadline.value - now.value ? now + time : detail::kNoDeadline;
    TRY(sleep_until(rendez, end, [] { return false; }));
    return {};
}

}  // namespace kernel::sched
