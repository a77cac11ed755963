// QLock: taking, waiting, handing over.
#include "sched/qlock.h"

#include "base/assert.h"
#include "machine/interrupts.h"
#include "sched/waits.h"

namespace kernel::sched {

using detail::Interruptible;
using detail::Waits;

QLock::~QLock() { ASSERT(holder() == nullptr); }

const Task* QLock::holder() const {
    sync::IrqSaveGuard guard(lock_);
    return holder_;
}

bool QLock::held_by_me() const { return holder() == &Task::current(); }

// The bodies below are what the annotations stand for: a pointer under a spin lock is the lock.

void QLock::lock() NO_THREAD_SAFETY_ANALYSIS {
    (void)acquire(Interruptible::kNo);
}  // ignored: true

bool QLock::lock_interruptible() NO_THREAD_SAFETY_ANALYSIS { return acquire(Interruptible::kYes); }

bool QLock::try_lock() NO_THREAD_SAFETY_ANALYSIS {
    Waits::check_may_sleep();
    Task& self = Task::current();
    sync::IrqSaveGuard guard(lock_);
    if (holder_ != nullptr) return false;
    holder_ = &self;
    Waits::note_taken(self, rank_);
    return true;
}

bool QLock::acquire(Interruptible interruptible) {
    Waits::check_may_sleep();
    Task& self = Task::current();
    Waits::check_order(self, rank_);
    const machine::InterruptsOff off;
    switch (enter(self, interruptible)) {
        case Entry::kInterrupted:
            return false;
        case Entry::kWaits:
            // Handed over meanwhile or not: who does it has taken the wait, so this must end it.
            Waits::block();
            if (!leave(self)) return false;
            break;
        case Entry::kTook:
            break;
    }
    Waits::note_taken(self, rank_);
    return true;
}

/// Takes the lock or begins to wait for it.
QLock::Entry QLock::enter(Task& self, Interruptible interruptible) {
    sync::IrqsOffGuard guard(lock_);
    if (holder_ == nullptr) {
        holder_ = &self;
        return Entry::kTook;
    }
    ASSERT(holder_ != &self);
    if (!Waits::begin(self, TaskState::kQueueing, interruptible)) return Entry::kInterrupted;
    self.granted_ = false;
    waiters_.push_back(self);
    return Entry::kWaits;
}

/// After the wait: whether the lock was handed over. If not, an interrupt ended the wait.
bool QLock::leave(Task& self) {
    sync::IrqsOffGuard guard(lock_);
    if (!self.granted_) waiters_.remove(self);
    return self.granted_;
}

void QLock::unlock() NO_THREAD_SAFETY_ANALYSIS {
    Task& self = Task::current();
    Waits::note_released(self, rank_);
    sync::IrqSaveGuard guard(lock_);
    ASSERT(holder_ == &self);
    Task* next = waiters_.pop_front();
    holder_ = next;
    if (next == nullptr) return;
    next->granted_ = true;
    // If an interrupt has taken the wait already, the task runs soon and finds that it holds the
    // lock.
    Waits::wake(*next);
}

}  // namespace kernel::sched
