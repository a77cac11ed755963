// BucketTable: a model of the table that the Pid hash replaces: buckets of 16, counted entries,
// tombstones. It has the weaknesses R1 to R15 by which that table is known.
#pragma once

#include "tests/model/explore.h"

namespace model::pid {

/// Plan 9's process numbers as 9front kept them (port/proc.c, 2020). The low bits of a number
/// choose a bucket; a bucket is scanned until the number, or an entry that was never used. What is
/// plain in C is relaxed here: the kindest reading.
template <u32 kBuckets>
class BucketTable {
public:
    static constexpr u32 kWays = 16;
    static constexpr u32 kTombstone = ~u32{0};

    struct Entry {
        Atomic<u32> references{0};
        Atomic<u32> number{0};
        Atomic<u32> index{0};  // of the process
    };

    /// Numbers are `mask` and fewer.
    explicit BucketTable(u32 mask) : mask_(mask) {}

    Entry* lookup(u32 number) {
        Entry* const bucket = bucket_of(number);
        for (u32 way = 0; way < kWays; ++way) {
            const u32 seen = bucket[way].number.load(std::memory_order_relaxed);
            if (seen == number) return &bucket[way];
            if (seen == 0) return nullptr;
        }
        return nullptr;
    }
    /// One more holder of `number`; nothing if it is nobody's.
    Entry* add(u32 number) {
        Entry* const entry = lookup(number);
        if (entry != nullptr) entry->references.fetch_add(1, std::memory_order_acq_rel);
        return entry;
    }
    void drop(Entry* entry) {
        if (entry->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            entry->number.store(kTombstone, std::memory_order_relaxed);
        }
    }
    /// The next number that is nobody's. Goes on until there is one.
    Entry* allocate(u32 index) {
        for (;;) {
            const u32 number = (last_.fetch_add(1, std::memory_order_relaxed) + 1) & mask_;
            if (number == 0 || lookup(number) != nullptr) continue;
            Entry* const bucket = bucket_of(number);
            for (u32 way = 0; way < kWays; ++way) {
                u32 seen = bucket[way].number.load(std::memory_order_relaxed);
                if (seen != 0 && seen != kTombstone) continue;
                if (!bucket[way].number.compare_exchange(seen, number, std::memory_order_acq_rel)) {
                    continue;
                }
                bucket[way].references.fetch_add(1, std::memory_order_acq_rel);
                bucket[way].index.store(index, std::memory_order_relaxed);
                return &bucket[way];
            }
        }
    }
    /// How many entries say they are `number`.
    u32 entries_of(u32 number) {
        u32 count = 0;
        for (Entry& entry : entries_) {
            if (entry.number.load(std::memory_order_relaxed) == number) ++count;
        }
        return count;
    }

    /// Entries for a machine of so many processes.
    static constexpr u32 capacity_for(u32 processes) { return std::bit_ceil(3 * processes); }

private:
    Entry* bucket_of(u32 number) { return &entries_[number % kBuckets * kWays]; }

    u32 mask_;
    Atomic<u32> last_{0};
    std::array<Entry, kBuckets * kWays> entries_;
};

}  // namespace model::pid
