// BlockQueue: a bounded queue of bytes between tasks, or from an interrupt to a task.
#pragma once

#include "base/annotations.h"
#include "base/result.h"
#include "base/std.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"

namespace kernel::chan {

/// Whether a read ends where a write ended.
enum class Boundaries : u8 { kKept, kIgnored };

/// The most that one write puts into a queue as one message; longer ones are split.
inline constexpr usize kMessageMax = 64 * 1024;

/// Bytes in order, many writers and many readers (each side one at a time, the others queue).
///
///     writers ──► [ message | message | ... ] ──► readers
///
/// With boundaries kept, each write is a message (also one of no bytes), and a read returns at most
/// one message or, if its buffer is small, the next part of one. Without, writes join. A writer
/// waits while the queue holds `limit` bytes or more; what it puts in may then exceed the limit by
/// one message.
class BlockQueue : Pinned {
public:
    constexpr BlockQueue(Boundaries boundaries, usize limit)
        : boundaries_(boundaries), limit_(limit) {}
    /// Discards what is left. Nobody uses the queue any more.
    ~BlockQueue();

    /// Waits for bytes and takes up to out.size(). Returns 0 at the end: hung up and empty (or for
    /// an empty message). Context: task, no spin lock held. Errors: kInterrupted.
    Result<usize> read(Bytes out);
    /// Puts `data` in, waiting while the queue is full. Returns data.size(). Context: task, no spin
    /// lock held. Errors: kClosedPipe once closed or hung up (what came before stays); kInterrupted
    /// before the first byte is in (else the count so far is returned); kNoMemory.
    Result<usize> write(ConstBytes data);

    /// Puts in what fits under the limit, without waiting, and returns how much; 0 if closed or out
    /// of memory. Joins the last message. Context: any, interrupts included.
    usize try_write(ConstBytes data);
    /// Takes what is there, up to out.size(), without waiting. Context: any.
    usize try_read(Bytes out);

    /// No more writes: they fail; readers get what is left, then 0. Any context.
    void hang_up();
    /// As hang_up(), and discards what is left. Any context.
    void close();
    /// As new. Context: any; nobody sleeps in it.
    void reopen();

    /// Bytes in it. Any context.
    usize size() const;
    bool is_hung_up() const;

private:
    struct Block;
    using Lock = sync::SpinLock<sync::LockRank::kBlockQueue>;

    const Boundaries boundaries_;
    const usize limit_;

    sched::QLock readers_{sync::LockRank::kQueueReaders};
    sched::QLock writers_{sync::LockRank::kQueueWriters};
    sched::Rendez readable_;
    sched::Rendez writable_;

    mutable Lock lock_;
    Block* first_ GUARDED_BY(lock_) = nullptr;
    Block* last_ GUARDED_BY(lock_) = nullptr;
    usize size_ GUARDED_BY(lock_) = 0;
    bool hung_up_ GUARDED_BY(lock_) = false;
};

}  // namespace kernel::chan
