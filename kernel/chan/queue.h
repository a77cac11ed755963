// BlockQueue: a bounded queue of bytes from writing tasks to reading tasks.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
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

/// Bytes in order, for many writers and many readers (each side one at a time, the others wait).
///
///     writers ──► [ message | message | ... ] ──► readers
///
/// With boundaries kept, each write is a message (also one of no bytes), and a read returns at most
/// one message or, if its buffer is small, the next part of one. Without, writes join. A writer
/// waits while the queue holds `limit` bytes or more, so a message may exceed the limit.
class BlockQueue : Pinned {
public:
    constexpr BlockQueue(Boundaries boundaries, usize limit)
        : boundaries_(boundaries), limit_(limit) {}
    /// Discards what is left. Nobody uses the queue any more.
    ~BlockQueue();

    /// Waits for bytes and takes up to out.size(). Returns 0 at the end (hung up and empty), and
    /// for an empty message. Context: task, no spin lock held. Locks: the reading side.
    /// Errors: kInterrupted.
    Result<usize> read(Bytes out);
    /// Puts `data` in, waiting while the queue is full. Returns data.size(); less if the wait for a
    /// further message failed. Context: task, no spin lock held. Locks: the writing side.
    /// Errors: kClosedPipe once closed or hung up; kInterrupted; kNoMemory.
    Result<usize> write(ConstBytes data);

    /// No more writes: they fail; readers get what is left, then 0. Any context.
    void hang_up();
    /// As hang_up(), and discards what is left. Any context.
    void close();

    /// Bytes in it. Any context.
    usize size() const;

private:
    struct Block;
    /// The blocks of one message, on their way in.
    struct Message {
        Block* first = nullptr;
        Block* last = nullptr;
        usize size = 0;
        usize held = 0;
    };
    using Lock = sync::SpinLock<sync::LockRank::kBlockQueue>;

    /// What a block takes at least, its head included, so that one can serve for the next.
    static constexpr usize kSmallBlock = 64;

    Result<Block*> make_block(ConstBytes data);
    void discard(Block* block);
    Result<Message> make_message(ConstBytes data);
    static void free_blocks(Block* first);
    bool is_full() const;
    bool is_readable() const;
    Result<void> put(const Message& message);
    Result<void> write_message(ConstBytes data);
    std::optional<usize> take(Bytes out);

    const Boundaries boundaries_;
    const usize limit_;

    sched::QLock readers_{sync::LockRank::kQueueReaders};
    sched::QLock writers_{sync::LockRank::kQueueWriters};
    sched::Rendez readable_;  // the holder of readers_ sleeps here
    sched::Rendez writable_;  // the holder of writers_ sleeps here

    /// The memory of a small block that was read, for the next small message: it spares both a way
    /// to the heap. What it says of a next block is old.
    Atomic<Block*> spare_{nullptr};  // atomic: [queue.spare]

    mutable Lock lock_;
    Block* first_ GUARDED_BY(lock_) = nullptr;
    Block* last_ GUARDED_BY(lock_) = nullptr;
    usize size_ GUARDED_BY(lock_) = 0;  // bytes to read
    usize held_ GUARDED_BY(lock_) = 0;  // bytes and blocks, what the limit is about
    bool hung_up_ GUARDED_BY(lock_) = false;
};

}  // namespace kernel::chan
