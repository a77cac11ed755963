// SharedCounter: a number that loses increments unless something keeps its users apart.
#pragma once

#include "base/atomic.h"

namespace tests {

/// Read and write are separate operations with a schedule point before each, so two users at once
/// lose an increment under some seed; they are atomics so that this is no undefined behaviour.
class SharedCounter {
public:
    void bump() {
        // relaxed: the lock under test orders, or the test fails.
        value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    kernel::u64 read() const {
        // relaxed: as above.
        return value_.load(std::memory_order_relaxed);
    }

private:
    kernel::Atomic<kernel::u64> value_{0};
};

/// How many are in a place at once.
class Occupancy {
public:
    /// Returns how many there are now, the caller included.
    kernel::u32 enter() { return count_.fetch_add(1, std::memory_order_seq_cst) + 1; }
    void leave() { count_.fetch_sub(1, std::memory_order_seq_cst); }
    kernel::u32 now() const { return count_.load(std::memory_order_seq_cst); }

private:
    kernel::Atomic<kernel::u32> count_{0};
};

}  // namespace tests
