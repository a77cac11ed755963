// SeqValue<T>: a small value that one writer at a time replaces and anybody reads without a lock.
#pragma once

#include "base/assert.h"
#include "base/atomic.h"
#include "base/std.h"
#include "machine/interrupts.h"

namespace kernel::sync {

/// The count of a sequence lock: odd while a write is under way. Writers are serialised by the
/// owner's lock. The data between must be atomics that are stored with release and loaded with
/// acquire, which orders them against the count without fences (which race detectors cannot see).
///
/// Ordering: a reader that saw the same even count before and after saw the data of one write.
/// Progress: writers are wait-free; a reader repeats while writes keep coming.
class SeqCount : Pinned {
public:
    constexpr SeqCount() = default;

    /// Context: interrupts off, else a reader that interrupts the writer would wait for ever.
    void begin_write() {
        DEBUG_ASSERT(!machine::interrupts_enabled());
        // relaxed: the data stores that follow are releases, so none of them comes before this.
        count_.fetch_add(1, std::memory_order_relaxed);
    }
    void end_write() {
        // [seq.count] release: the data is complete before the count is even; pairs with acquire
        // in begin_read().
        count_.fetch_add(1, std::memory_order_release);
    }

    /// The count to hand to `changed`; waits while a write is under way. Any context.
    u32 begin_read() const {
        for (;;) {  // ends when the writer, which is never interrupted, is done
            // [seq.count] acquire: pairs with release in end_write().
            const u32 count = count_.load(std::memory_order_acquire);
            if (count % 2 == 0) return count;
            machine::relax();
        }
    }
    /// Whether a write came between, so that what was read must be read again.
    bool changed(u32 begun) const {
        // relaxed: the data loads before it are acquires, so none of them comes after this.
        return count_.load(std::memory_order_relaxed) != begun;
    }

private:
    Atomic<u32> count_{0};  // atomic: [seq.count]
};

/// A T of a few words, read whole. Any context reads; `write` by one writer at a time.
template <class T>
class SeqValue : Pinned {
    static_assert(std::is_trivially_copyable_v<T>);
    static constexpr usize kWords = (sizeof(T) + sizeof(u64) - 1) / sizeof(u64);
    using Words = std::array<u64, kWords>;

public:
    constexpr SeqValue() = default;

    /// Replaces the value. Context: interrupts off, under the lock that serialises writers.
    void write(const T& value) {
        Words words{};
        std::memcpy(words.data(), &value, sizeof(T));
        count_.begin_write();
        for (usize i = 0; i < kWords; ++i) {
            // [seq.data] release: not before the odd count; pairs with acquire in read().
            words_[i].store(words[i], std::memory_order_release);
        }
        count_.end_write();
    }

    /// The value of one write (zeroes before the first). Any context.
    T read() const {
        Words words;
        u32 begun;
        do {
            begun = count_.begin_read();
            for (usize i = 0; i < kWords; ++i) {
                // [seq.data] acquire: not after the second look at the count; pairs with release
                // in write().
                words[i] = words_[i].load(std::memory_order_acquire);
            }
        } while (count_.changed(begun));
        T value;
        std::memcpy(static_cast<void*>(&value), words.data(), sizeof(T));
        return value;
    }

private:
    SeqCount count_;
    std::array<Atomic<u64>, kWords> words_{};  // atomic: [seq.data]
};

}  // namespace kernel::sync
