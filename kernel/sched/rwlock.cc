// RWLock: taking, waiting, handing over to a writer or to a batch of readers.
#include "base/assert.h"
#include "machine/interrupts.h"
#include "sched/qlock.h"
#include "sched/waits.h"

namespace kernel::sched {

using detail::Interruptible;
using detail::Waits;

RWLock::~RWLock() {
    sync::IrqSaveGuard guard(lock_);
    ASSERT(writer_ == nullptr && readers_ == 0 && waiters_.empty());
}

bool RWLock::write_held_by_me() const {
    sync::IrqSaveGuard guard(lock_);
    return writer_ == &Task::current();
}

// The bodies below are what the annotations stand for: fields under a spin lock are the lock.

void RWLock::read_lock() NO_THREAD_SAFETY_ANALYSIS {
    (void)acquire(Intent::kRead, Interruptible::kNo);  // ignored: true
}
void RWLock::write_lock() NO_THREAD_SAFETY_ANALYSIS {
    (void)acquire(Intent::kWrite, Interruptible::kNo);  // ignored: true
}
bool RWLock::read_lock_interruptible() NO_THREAD_SAFETY_ANALYSIS {
    return acquire(Intent::kRead, Interruptible::kYes);
}
bool RWLock::write_lock_interruptible() NO_THREAD_SAFETY_ANALYSIS {
    return acquire(Intent::kWrite, Interruptible::kYes);
}
bool RWLock::try_read_lock() NO_THREAD_SAFETY_ANALYSIS { return try_acquire(Intent::kRead); }
bool RWLock::try_write_lock() NO_THREAD_SAFETY_ANALYSIS { return try_acquire(Intent::kWrite); }

bool RWLock::try_acquire(Intent intent) {
    Waits::check_may_sleep();
    Task& self = Task::current();
    sync::IrqSaveGuard guard(lock_);
    if (!waiters_.empty() || !admits(intent)) return false;
    admit(self, intent);
    Waits::note_taken(self, rank_);
    return true;
}

bool RWLock::acquire(Intent intent, Interruptible interruptible) {
    Waits::check_may_sleep();
    Task& self = Task::current();
    Waits::check_order(self, rank_);
    const machine::InterruptsOff off;
    switch (enter(self, intent, interruptible)) {
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

bool RWLock::admits(Intent intent) const {
    return writer_ == nullptr && (intent == Intent::kRead || readers_ == 0);
}

void RWLock::admit(Task& task, Intent intent) {
    if (intent == Intent::kRead) {
        ++readers_;
    } else {
        writer_ = &task;
    }
}

/// Takes the lock or begins to wait for it.
RWLock::Entry RWLock::enter(Task& self, Intent intent, Interruptible interruptible) {
    sync::IrqsOffGuard guard(lock_);
    if (waiters_.empty() && admits(intent)) {
        admit(self, intent);
        return Entry::kTook;
    }
    ASSERT(writer_ != &self);
    const TaskState state = intent == Intent::kRead ? TaskState::kQueueingR : TaskState::kQueueingW;
    if (!Waits::begin(self, state, interruptible)) return Entry::kInterrupted;
    self.granted_ = false;
    self.wants_write_ = intent == Intent::kWrite;
    waiters_.push_back(self);
    return Entry::kWaits;
}

/// After the wait: whether the lock was handed over. If not, an interrupt ended the wait, and those
/// behind may be admissible now.
bool RWLock::leave(Task& self) {
    sync::IrqsOffGuard guard(lock_);
    if (self.granted_) return true;
    waiters_.remove(self);
    admit_waiters();
    return false;
}

/// Hands the lock to the first waiter and, if that reads, to the readers right behind it.
void RWLock::admit_waiters() {
    while (Task* first = waiters_.front()) {
        const Intent intent = first->wants_write_ ? Intent::kWrite : Intent::kRead;
        if (!admits(intent)) return;
        waiters_.remove(*first);
        admit(*first, intent);
        first->granted_ = true;
        // If an interrupt has taken the wait already, the task runs soon and finds that it holds
        // the lock.
        Waits::wake(*first);
    }
}

void RWLock::read_unlock() NO_THREAD_SAFETY_ANALYSIS {
    Waits::note_released(Task::current(), rank_);
    sync::IrqSaveGuard guard(lock_);
    ASSERT(readers_ > 0);
    --readers_;
    admit_waiters();
}

void RWLock::write_unlock() NO_THREAD_SAFETY_ANALYSIS {
    Task& self = Task::current();
    Waits::note_released(self, rank_);
    sync::IrqSaveGuard guard(lock_);
    ASSERT(writer_ == &self);
    writer_ = nullptr;
    admit_waiters();
}

}  // namespace kernel::sched
