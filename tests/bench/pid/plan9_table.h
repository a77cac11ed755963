// A table of numbers as 9front has it: buckets of 16 entries, tombstones, a check against the Proc.
#pragma once

#include <bit>

#include "tests/bench/pid/table.h"

namespace bench {

/// Written from a description of 9front's port/proc.c, its races included; what it does plainly is
/// relaxed here. A lookup scans one bucket up to the number, or to an entry never used. An entry
/// whose number went is a tombstone for ever: taken again, but never the end of a scan.
class Plan9Table {
public:
    static constexpr std::string_view kName = "9front";
    static constexpr bool kKnowsMisses = true;
    using Thread = PlainThread;

    struct Entry {
        std::atomic<u32> references;
        std::atomic<i32> number;  // 0 never used, -1 a tombstone
        std::atomic<u32> slot;
    };
    using Held = Entry*;
    static_assert(sizeof(Entry) == 12);

    /// Three numbers a process, rounded up.
    explicit Plan9Table(u32 live)
        : buckets_(std::bit_ceil(std::max(3 * live, kWays)) / kWays),
          entries_(usize{buckets_} * kWays),
          procs_(live + kSpareSlots) {}

    u32 allocate(Thread&, u32 slot) {
        for (;;) {
            const auto number = static_cast<i32>(numbers_.next());
            if (look(number) != nullptr) continue;
            Entry* const bucket = bucket_of(number);
            for (u32 way = 0; way < kWays; ++way) {
                i32 old = bucket[way].number.load(std::memory_order_relaxed);
                if (old > 0) continue;
                if (!bucket[way].number.compare_exchange_strong(old, number)) continue;
                bucket[way].references.fetch_add(1);
                bucket[way].slot.store(slot, std::memory_order_relaxed);
                procs_[slot].number.store(number, std::memory_order_relaxed);
                return static_cast<u32>(number);
            }
            // The bucket is full: the next number is in another one.
        }
    }
    void free(Thread&, u32 number, u32 slot) {
        procs_[slot].number.store(0, std::memory_order_relaxed);
        if (Entry* const entry = look(static_cast<i32>(number))) drop(*entry);
    }
    u32 find(Thread&, u32 number) {
        const auto wanted = static_cast<i32>(number);
        const Entry* const entry = look(wanted);
        if (entry == nullptr) return kNobody;
        const u32 slot = entry->slot.load(std::memory_order_relaxed);
        // What was read may belong to whoever had the entry before: the process has the last word.
        return procs_[slot].number.load(std::memory_order_relaxed) == wanted ? slot : kNobody;
    }
    Held acquire(Thread&, u32 number) {
        Entry* const entry = look(static_cast<i32>(number));
        if (entry != nullptr) entry->references.fetch_add(1);
        return entry;
    }
    void release(Thread&, Held entry) { drop(*entry); }

private:
    static constexpr u32 kWays = 16;
    /// A process is a line at the least, and the check reads it.
    struct alignas(64) Proc {
        std::atomic<i32> number;
    };

    Entry* bucket_of(i32 number) const {
        return &entries_[usize{static_cast<u32>(number) & (buckets_ - 1)} * kWays];
    }
    Entry* look(i32 number) const {
        Entry* const bucket = bucket_of(number);
        for (u32 way = 0; way < kWays; ++way) {
            const i32 there = bucket[way].number.load(std::memory_order_relaxed);
            if (there == number) return &bucket[way];
            if (there == 0) return nullptr;
        }
        return nullptr;
    }
    static void drop(Entry& entry) {
        if (entry.references.fetch_sub(1) == 1) entry.number.store(-1, std::memory_order_relaxed);
    }

    const u32 buckets_;
    HugeArray<Entry> entries_;
    HugeArray<Proc> procs_;
    NumberCounter numbers_;
};

}  // namespace bench
