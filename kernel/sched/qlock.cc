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
    // relaxed: whether it is the asking task is certain; of others it is a hint.
    return reinterpret_cast<const Task*>(word_.load(std::memory_order_relaxed) & ~kWaited);
}

bool QLock::held_by_me() const { return holder() == &Task::current(); }

// The bodies below are what the annotations stand for: a word is the lock.

void QLock::lock() NO_THREAD_SAFETY_ANALYSIS {
    (void)acquire(Interruptible::kNo);
}  // ignored: true

bool QLock::lock_interruptible() NO_THREAD_SAFETY_ANALYSIS { return acquire(Interruptible::kYes); }

bool QLock::try_lock() NO_THREAD_SAFETY_ANALYSIS {
    Waits::check_may_sleep();
    Task& self = Task::current();
    u64 holder = 0;
    // [qlock.word] acquire: as in acquire().
    if (!word_.compare_exchange(holder, word_of(self), std::memory_order_acquire)) return false;
    Waits::note_taken(self, rank_);
    return true;
}

bool QLock::acquire(Interruptible interruptible) {
    Waits::check_may_sleep();
    Task& self = Task::current();
    Waits::check_order(self, rank_);
    u64 holder = 0;
    // [qlock.word] acquire: what earlier holders did is seen; pairs with release in unlock().
    const bool took = word_.compare_exchange(holder, word_of(self), std::memory_order_acquire);
    if (!took) [[unlikely]]
        return acquire_slowly(self, interruptible);
    Waits::note_taken(self, rank_);
    return true;
}

bool QLock::acquire_slowly(Task& self, Interruptible interruptible) {
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
    const sync::IrqsOffGuard guard(lock_);
    u64 seen = 0;
    for (;;) {  // lock-free: each failure is a release or another's success
        // [qlock.word] acquire: as in acquire(), if it is free; else the mark only.
        const u64 wanted = seen == 0 ? word_of(self) : seen | kWaited;
        if (word_.compare_exchange(seen, wanted, std::memory_order_acquire)) break;
    }
    if (seen == 0) return Entry::kTook;
    ASSERT((seen & ~kWaited) != word_of(self));
    if (!Waits::begin(self, TaskState::kQueueing, interruptible)) {
        // relaxed: the mark orders nothing.
        if (waiters_.empty()) word_.fetch_and(~kWaited, std::memory_order_relaxed);
        return Entry::kInterrupted;
    }
    self.granted_ = false;
    waiters_.push_back(self);
    return Entry::kWaits;
}

/// After the wait: whether the lock was handed over. If not, an interrupt ended the wait.
bool QLock::leave(Task& self) {
    const sync::IrqsOffGuard guard(lock_);
    if (self.granted_) return true;
    waiters_.remove(self);
    // relaxed: the mark orders nothing.
    if (waiters_.empty()) word_.fetch_and(~kWaited, std::memory_order_relaxed);
    return false;
}

void QLock::unlock() NO_THREAD_SAFETY_ANALYSIS {
    Task& self = Task::current();
    Waits::note_released(self, rank_);
    u64 seen;
    do {  // again only if all who waited were interrupted meanwhile
        seen = word_of(self);
        // [qlock.word] release: what was done under the lock is seen by the next holder; pairs with
        // acquire in acquire().
        if (word_.compare_exchange(seen, 0, std::memory_order_release)) return;
        ASSERT(seen == (word_of(self) | kWaited));
    } while (!hand_over());
}

/// Makes the first who waits the holder; false if none waits any more.
bool QLock::hand_over() {
    const sync::IrqSaveGuard guard(lock_);
    Task* const next = waiters_.pop_front();
    if (next == nullptr) return false;
    // relaxed: `lock_` orders what was done for `next`, and nobody else takes the lock by this
    // word.
    word_.store(word_of(*next) | (waiters_.empty() ? 0 : kWaited), std::memory_order_relaxed);
    next->granted_ = true;
    // If an interrupt has taken the wait already, the task runs soon and finds that it holds the
    // lock.
    Waits::wake(*next);
    return true;
}

}  // namespace kernel::sched
