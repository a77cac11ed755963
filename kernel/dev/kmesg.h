// The kernel message ring: the last log lines, readable from the start, honest about what is lost.
#pragma once

#include "base/annotations.h"
#include "base/std.h"
#include "sync/spin_lock.h"

namespace kernel::dev {

/// The last kBytes bytes of a text that only grows. Positions count from its beginning.
/// Context of all: any. Locks: kKmesg, for a copy of kChunk bytes at most.
class MessageRing : Pinned {
public:
    static constexpr usize kBytes = 64 * kKiB;
    /// Bytes copied under the lock at once.
    static constexpr usize kChunk = 512;

    /// A ring in `room`, which lives as long. Apart from the ring itself so that the kernel's room is
    /// not part of the image.
    constexpr explicit MessageRing(std::span<char, kBytes> room) : bytes_(room) {}

    void append(std::string_view text);

    /// What a reader at `position` got.
    struct Piece {
        u64 start;   // where the bytes copied begin: later than asked if some were lost
        usize size;  // bytes copied; 0: there is nothing behind `start` yet
    };
    /// Copies what stands at `position` or, where that has been overwritten, at the oldest byte.
    Piece read(u64 position, std::span<char> out) const;

    /// Positions of the oldest byte that is still there, and behind the newest.
    u64 oldest() const;
    u64 end() const;

private:
    static_assert(std::has_single_bit(kBytes));

    u64 oldest_locked() const REQUIRES(lock_) { return end_ > kBytes ? end_ - kBytes : 0; }

    mutable sync::SpinLock<sync::LockRank::kKmesg> lock_;
    u64 end_ GUARDED_BY(lock_) = 0;
    const std::span<char, kBytes> bytes_;  // its bytes are guarded by lock_
};

/// The kernel's.
MessageRing& kmesg();

/// Keeps a log line in kmesg() and shows it on the console unless show_log(false) was said.
/// A kernel::LogWriter, see base/log.h. Context: any.
void write_log(std::string_view line);

/// Whether log lines go to the console too (they do at first). Context: any.
void show_log(bool on);

}  // namespace kernel::dev
