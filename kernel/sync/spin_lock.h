// SpinLock<Rank>: the lock of everything short. Only guards that name an interrupt policy take it.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "sync/held_locks.h"
#include "sync/lock_rank.h"

namespace kernel::sync {

/// Interrupt policies of SpinGuard. A spin lock is only ever held with interrupts off, so its
/// holder is neither preempted nor interrupted, and never sleeps.
struct IrqSave {};  // turns them off, and at release back to what they were
struct IrqsOff {};  // they are off already, which is asserted

template <class Policy>
class SpinGuard;

/// What a SpinLock is, without its rank in the type. The word is 0 when free, else the holder's
/// hart index + 1: test and test-and-set, so that a waiter only reads until the lock looks free.
/// Rejected: a ticket lock. It is fair, but on hosts where harts are threads the next ticket's
/// owner is often not running, and the sections here are too short for starvation to matter.
class CAPABILITY("spin lock") SpinLockBase : Pinned {
public:
    LockRank rank() const { return rank_; }
    /// Whether the running hart holds it. Interrupts off.
    bool held_here() const {
        // relaxed: only this hart stores its own number, so its own answer is exact.
        return word_.load(std::memory_order_relaxed) == machine::hart_index() + 1;
    }
    /// Tells the thread-safety analysis, and checks in debug builds, that this hart holds the lock.
    void assert_held() const ASSERT_CAPABILITY(this) { DEBUG_ASSERT(held_here()); }

protected:
    constexpr explicit SpinLockBase(LockRank rank) : rank_(rank) {}
    ~SpinLockBase() = default;

private:
    template <class Policy>
    friend class SpinGuard;

    void acquire() ACQUIRE();
    /// The same in debug builds, and when it was not free at once; the taker is who calls these.
    [[gnu::noinline]] void acquire_listed();
    [[gnu::cold, gnu::noinline]] void acquire_slowly();
    /// Reached by a jump, and it has a frame record: it may stop the machine.
    [[gnu::noinline]] void wait_and_acquire(VirtAddr taker);
    bool try_acquire() TRY_ACQUIRE(true);
    void release() RELEASE();
    /// Waits until the word looks free; false: the machine is panicking and the holder is stopped,
    /// so the lock must be broken. Stops the machine when the wait takes absurdly long.
    bool wait_until_free(VirtAddr taker) const;

    Atomic<u32> word_{0};  // atomic: [spin.word]
    const LockRank rank_;
};

// The bodies of acquire() and release() are what the annotations stand for; the analysis cannot see
// that a word is a lock.

inline void SpinLockBase::acquire() NO_THREAD_SAFETY_ANALYSIS {
    if constexpr (kDebug) {
        acquire_listed();
    } else {
        u32 holder = 0;
        // [spin.word] acquire: what earlier holders wrote is seen; pairs with release in release().
        if (word_.compare_exchange(holder, machine::hart_index() + 1, std::memory_order_acquire))
            [[likely]] {
            detail::note_acquired(*this, {});
        } else {
            acquire_slowly();
        }
    }
}

/// A spin lock of rank `Rank`.
template <LockRank Rank>
class CAPABILITY("spin lock") SpinLock : public SpinLockBase {
    static_assert(Rank < LockRank::kCount);

public:
    constexpr SpinLock() : SpinLockBase(Rank) {}
};

/// Holds a spin lock for its life, with interrupts off; restores them after.
/// Context: any. Locks: the one it is given. Cost: one atomic exchange when uncontended.
template <>
class [[nodiscard]] SCOPED_CAPABILITY SpinGuard<IrqSave> : Pinned {
public:
    explicit SpinGuard(SpinLockBase& lock) ACQUIRE(lock)
        : lock_(&lock), were_on_(machine::disable_interrupts()) {
        lock.acquire();
    }
    ~SpinGuard() RELEASE() {
        if (lock_ != nullptr) unlock();
    }
    /// Releases early.
    void unlock() RELEASE() {
        lock_->release();
        lock_ = nullptr;
        if (were_on_) machine::enable_interrupts();
    }

private:
    SpinLockBase* lock_;
    bool were_on_;
};

/// Holds a spin lock for its life where interrupts are off already (asserted).
/// Context: interrupts off. Locks: the one it is given. Cost: one atomic exchange when uncontended.
template <>
class [[nodiscard]] SCOPED_CAPABILITY SpinGuard<IrqsOff> : Pinned {
public:
    explicit SpinGuard(SpinLockBase& lock) ACQUIRE(lock) : lock_(&lock) {
        DEBUG_ASSERT(!machine::interrupts_enabled());
        lock.acquire();
    }
    ~SpinGuard() RELEASE() {
        if (lock_ != nullptr) unlock();
    }
    /// Releases early.
    void unlock() RELEASE() {
        lock_->release();
        lock_ = nullptr;
    }

private:
    SpinLockBase* lock_;
};

using IrqSaveGuard = SpinGuard<IrqSave>;
using IrqsOffGuard = SpinGuard<IrqsOff>;

}  // namespace kernel::sync
