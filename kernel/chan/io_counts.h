// IoCounts: how much a process has read and written.
#pragma once

#include "base/atomic.h"
#include "base/std.h"

namespace kernel::chan {

/// Reads and writes that succeeded, and their bytes. The process itself counts; anybody looks.
class IoCounts {
public:
    struct Numbers {
        u64 reads = 0;
        u64 read_bytes = 0;
        u64 writes = 0;
        u64 written_bytes = 0;
    };

    void count_read(usize bytes) {
        add(reads_, 1);
        add(read_bytes_, bytes);
    }
    void count_write(usize bytes) {
        add(writes_, 1);
        add(written_bytes_, bytes);
    }
    /// A snapshot.
    Numbers numbers() const {
        // relaxed (all): numbers of their own.
        return {reads_.load(std::memory_order_relaxed), read_bytes_.load(std::memory_order_relaxed),
                writes_.load(std::memory_order_relaxed),
                written_bytes_.load(std::memory_order_relaxed)};
    }
    /// Context: nobody counts.
    void clear() {
        // relaxed (all): as in numbers().
        for (Atomic<u64>* counter : {&reads_, &read_bytes_, &writes_, &written_bytes_}) {
            counter->store(0, std::memory_order_relaxed);
        }
    }

private:
    static void add(Atomic<u64>& counter, u64 by) {
        // relaxed (both): only the process itself writes.
        counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    Atomic<u64> reads_{0};          // atomic: written by the process itself
    Atomic<u64> read_bytes_{0};     // atomic: as reads_
    Atomic<u64> writes_{0};         // atomic: as reads_
    Atomic<u64> written_bytes_{0};  // atomic: as reads_
};

}  // namespace kernel::chan
