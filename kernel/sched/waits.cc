// Beginning, taking and ending waits.
#include "sched/waits.h"

#include "base/assert.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/core.h"
#include "sync/held_locks.h"

namespace kernel::sched::detail {

bool Waits::begin(Task& self, TaskState state, Interruptible interruptible) {
    DEBUG_ASSERT(!machine::interrupts_enabled());
    DEBUG_ASSERT(is_waiting(state));
    const bool breakable = interruptible == Interruptible::kYes;
    // relaxed: the exchange below decides.
    u32 seen = self.wake_.load(std::memory_order_relaxed);
    if (breakable && (seen & kPending) != 0) return false;
    // The state comes first: whoever takes the wait changes it on.
    self.set_state(state);
    for (;;) {  // ends: only the interrupt flag can change meanwhile, and it ends an interruptible
        DEBUG_ASSERT((seen & (kWaiting | kInterruptible)) == 0);
        const u32 waiting = seen | kWaiting | (breakable ? kInterruptible : 0);
        // [task.wake] acq_rel: the state is set before anybody takes the wait, and what was done
        // before an earlier attempt to wake is seen; pairs with acq_rel in take() and interrupt().
        if (self.wake_.compare_exchange(seen, waiting, std::memory_order_acq_rel)) return true;
        if (breakable && (seen & kPending) != 0) {
            go_on(self);
            return false;
        }
    }
}

void Waits::withdraw(Task& self) {
    if (take(self)) {
        go_on(self);
    } else {
        block();
    }
}

void Waits::go_on(Task& self) {
    self.set_state(TaskState::kRunning);
    if (!self.real_time_.admitted()) [[likely]]
        return;
    // Its period may have begun while it seemed to wait and to need none.
    (void)self.real_time_.may_go_on(machine::now());  // ignored: it rests only when it says so
}

void Waits::block() { Core::switch_away(); }

bool Waits::take(Task& task) {
    // relaxed: the exchange below decides.
    u32 seen = task.wake_.load(std::memory_order_relaxed);
    while ((seen & kWaiting) != 0) {  // lock-free: each failure is another's success
        // [task.wake] acq_rel: as in begin().
        if (task.wake_.compare_exchange(seen, seen & kPending, std::memory_order_acq_rel)) {
            return true;
        }
    }
    return false;
}

bool Waits::wake(Task& task) {
    if (!take(task)) return false;
    Core::make_ready(task);
    return true;
}

bool Waits::interrupt(Task& task) {
    // relaxed: the exchange below decides.
    u32 seen = task.wake_.load(std::memory_order_relaxed);
    for (;;) {  // lock-free: each failure is another's success
        const bool breaks = (seen & kInterruptible) != 0;
        const u32 after = breaks ? kPending : seen | kPending;
        // [task.wake] acq_rel: as in begin().
        if (!task.wake_.compare_exchange(seen, after, std::memory_order_acq_rel)) continue;
        if (breaks) {
            Core::make_ready(task);
        } else if (task.on_hart() && &task != Task::current_or_null()) {
            // [task.wake] also orders this look after the hart's storing that it runs the task, if
            // that hart looked at the flag before user mode and did not see it: see
            // Task::interrupt_pending_before_user().
            machine::send_ipi(task.hart());
        }
        return breaks;
    }
}

void Waits::check_may_sleep() {
    // Spin locks are held with interrupts off only, so this covers them; the depth says which it
    // was.
    if (machine::interrupts_enabled()) return;
    PANIC("may not sleep: interrupts off, {} spin locks held", sync::held_spin_locks());
}

void Waits::check_order(const Task& self, sync::LockRank rank) {
    if constexpr (!kDebug) return;
    for (usize i = 0; i < self.sleep_lock_count_; ++i) {
        if (self.sleep_locks_[i] >= rank) {
            PANIC("lock order: {} takes a sleeping lock of rank {} under one of rank {}",
                  self.name(), rank, self.sleep_locks_[i]);
        }
    }
}

void Waits::note_taken(Task& self, sync::LockRank rank) {
    // Also in release builds, where only debuggers look: it is a store beside a lock.
    ASSERT(self.sleep_lock_count_ < Task::kMaxSleepLocks);
    self.sleep_locks_[self.sleep_lock_count_++] = rank;
}

void Waits::forget_taken(Task& self, sync::LockRank rank) {
    usize at = self.sleep_lock_count_;
    while (at > 0 && self.sleep_locks_[at - 1] != rank) --at;
    ASSERT(at > 0);
    for (; at < self.sleep_lock_count_; ++at) self.sleep_locks_[at - 1] = self.sleep_locks_[at];
    --self.sleep_lock_count_;
}

}  // namespace kernel::sched::detail
