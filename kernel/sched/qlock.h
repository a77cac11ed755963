// QLock and RWLock: locks whose waiters sleep in order of arrival.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/std.h"
#include "sched/task.h"
#include "sched/waits.h"
#include "sync/spin_lock.h"

namespace kernel::sched {

namespace detail {

/// How it went when a task came to a lock.
enum class Entry : u8 {
    kTook,         // it was free
    kWaits,        // it waits in line, and whoever lets it in takes its wait
    kInterrupted,  // it may not wait
};

}  // namespace detail

struct AdoptLock {};
/// For guards: the lock is held already.
inline constexpr AdoptLock kAdoptLock{};

/// A sleeping lock, first come first served: the one who releases hands it to the first waiter.
/// Taking it when it is free and releasing it when nobody waits are one exchange each.
/// Context of all but is_held: task, interrupts on, no spin lock held.
///
/// Invariant: while `lock_` is free, the word says that tasks wait if and only if the list holds
/// some. So who releases without `lock_` overlooks nobody. After a release nothing is touched
/// again: the next holder may end what the lock is part of. Handing over is no release yet: the
/// next holder takes `lock_` once more before it goes on.
class CAPABILITY("qlock") QLock : Pinned {
public:
    constexpr explicit QLock(sync::LockRank rank) : rank_(rank) {}
    ~QLock();

    /// Takes the lock if it is free. As it never waits, the order of ranks does not bind it.
    bool try_lock() TRY_ACQUIRE(true);
    /// Waits for the lock; gives up, false, when the task's interrupt flag is set first. Use:
    /// `if (!lock.lock_interruptible()) return Error::kInterrupted;
    ///  QLockGuard guard(lock, kAdoptLock);`
    bool lock_interruptible() TRY_ACQUIRE(true);

    /// Whether the running task holds it. Context: task.
    bool held_by_me() const;
    void assert_held() const ASSERT_CAPABILITY(this) { ASSERT(held_by_me()); }

    sync::LockRank rank() const { return rank_; }
    /// Who holds it, for debuggers; may have released it at once. Any context.
    const Task* holder() const;

private:
    friend class QLockGuard;

    void lock() ACQUIRE();
    void unlock() RELEASE();
    bool acquire(detail::Interruptible interruptible);
    [[gnu::cold, gnu::noinline]] bool acquire_slowly(Task& self,
                                                     detail::Interruptible interruptible);
    using Entry = detail::Entry;
    Entry enter(Task& self, detail::Interruptible interruptible);
    bool leave(Task& self);
    [[gnu::cold, gnu::noinline]] bool hand_over();

    static constexpr u64 kWaited = 1;
    static u64 word_of(const Task& task) { return reinterpret_cast<u64>(&task); }

    /// The address of who holds it, 0 if it is free; and kWaited, which changes under `lock_` only.
    Atomic<u64> word_{0};  // atomic: [qlock.word]
    mutable sync::SpinLock<sync::LockRank::kSleepLock> lock_;
    List<Task, &Task::wait_hook_> waiters_ GUARDED_BY(lock_);
    const sync::LockRank rank_;
};

/// Holds a QLock for its life.
/// Context: task, interrupts on, no spin lock held. May block. Cost: O(1); no switch when free.
class [[nodiscard]] SCOPED_CAPABILITY QLockGuard : Pinned {
public:
    explicit QLockGuard(QLock& lock) ACQUIRE(lock) : lock_(&lock) { lock.lock(); }
    QLockGuard(QLock& lock, AdoptLock) REQUIRES(lock) : lock_(&lock) {}
    ~QLockGuard() RELEASE() {
        if (lock_ != nullptr) lock_->unlock();
    }
    /// Releases early.
    void unlock() RELEASE() {
        lock_->unlock();
        lock_ = nullptr;
    }

private:
    QLock* lock_;
};

/// A sleeping lock for many readers or one writer. In order of arrival: a reader that comes while a
/// writer waits queues behind it, so writers do not starve; a batch of readers enters together.
/// Context of all: task, interrupts on, no spin lock held. Not recursive, also not for readers.
class CAPABILITY("rwlock") RWLock : Pinned {
public:
    constexpr explicit RWLock(sync::LockRank rank) : rank_(rank) {}
    ~RWLock();

    /// As QLock::try_lock().
    bool try_read_lock() TRY_ACQUIRE_SHARED(true);
    bool try_write_lock() TRY_ACQUIRE(true);
    /// As QLock::lock_interruptible().
    bool read_lock_interruptible() TRY_ACQUIRE_SHARED(true);
    bool write_lock_interruptible() TRY_ACQUIRE(true);

    /// Whether the running task holds it for writing. Context: task.
    bool write_held_by_me() const;
    sync::LockRank rank() const { return rank_; }

private:
    friend class ReadGuard;
    friend class WriteGuard;

    void read_lock() ACQUIRE_SHARED();
    void read_unlock() RELEASE_SHARED();
    void write_lock() ACQUIRE();
    void write_unlock() RELEASE();

    enum class Intent : u8 { kRead, kWrite };
    bool acquire(Intent intent, detail::Interruptible interruptible);
    bool try_acquire(Intent intent);
    using Entry = detail::Entry;
    Entry enter(Task& self, Intent intent, detail::Interruptible interruptible);
    bool leave(Task& self);
    bool admits(Intent intent) const REQUIRES(lock_);
    void admit(Task& task, Intent intent) REQUIRES(lock_);
    void admit_waiters() REQUIRES(lock_);

    mutable sync::SpinLock<sync::LockRank::kSleepLock> lock_;
    Task* writer_ GUARDED_BY(lock_) = nullptr;
    u32 readers_ GUARDED_BY(lock_) = 0;
    List<Task, &Task::wait_hook_> waiters_ GUARDED_BY(lock_);
    const sync::LockRank rank_;
};

/// Holds an RWLock for reading for its life. As QLockGuard.
class [[nodiscard]] SCOPED_CAPABILITY ReadGuard : Pinned {
public:
    explicit ReadGuard(RWLock& lock) ACQUIRE_SHARED(lock) : lock_(&lock) { lock.read_lock(); }
    ReadGuard(RWLock& lock, AdoptLock) REQUIRES_SHARED(lock) : lock_(&lock) {}
    ~ReadGuard() RELEASE() {
        if (lock_ != nullptr) lock_->read_unlock();
    }
    void unlock() RELEASE() {
        lock_->read_unlock();
        lock_ = nullptr;
    }

private:
    RWLock* lock_;
};

/// Holds an RWLock for writing for its life. As QLockGuard.
class [[nodiscard]] SCOPED_CAPABILITY WriteGuard : Pinned {
public:
    explicit WriteGuard(RWLock& lock) ACQUIRE(lock) : lock_(&lock) { lock.write_lock(); }
    WriteGuard(RWLock& lock, AdoptLock) REQUIRES(lock) : lock_(&lock) {}
    ~WriteGuard() RELEASE() {
        if (lock_ != nullptr) lock_->write_unlock();
    }
    void unlock() RELEASE() {
        lock_->write_unlock();
        lock_ = nullptr;
    }

private:
    RWLock* lock_;
};

}  // namespace kernel::sched
