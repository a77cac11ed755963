// oneTBB's concurrent_hash_map: fine-grained locks in buckets.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include "tests/bench/pid/table.h"

namespace bench {

class TbbTable {
    struct Record {
        std::atomic<u32> references{1};
        u32 number = 0;
        u32 slot = 0;
    };
    struct Compare {
        static usize hash(u32 number) { return number; }
        static bool equal(u32 a, u32 b) { return a == b; }
    };
    using Map = tbb::concurrent_hash_map<u32, Record, Compare>;

public:
    static constexpr std::string_view kName = "tbb";
    static constexpr bool kKnowsMisses = true;
    using Thread = PlainThread;
    using Held = const Record*;  // stays where it is until it is erased

    explicit TbbTable(u32 live) : map_(live) {}

    u32 allocate(Thread&, u32 slot) {
        for (;;) {
            const u32 number = numbers_.next();
            Map::accessor place;
            if (!map_.insert(place, number)) continue;
            place->second.number = number;
            place->second.slot = slot;
            return number;
        }
    }
    void free(Thread& thread, u32 number, u32) {
        const Record* record = nullptr;
        {
            Map::const_accessor place;
            if (map_.find(place, number)) record = &place->second;
        }
        if (record != nullptr) release(thread, record);
    }
    u32 find(Thread&, u32 number) {
        Map::const_accessor place;
        return map_.find(place, number) ? place->second.slot : kNobody;
    }
    Held acquire(Thread&, u32 number) {
        Map::const_accessor place;
        if (!map_.find(place, number)) return nullptr;
        count_of(&place->second).fetch_add(1, std::memory_order_acquire);
        return &place->second;
    }
    void release(Thread&, Held record) {
        if (count_of(record).fetch_sub(1, std::memory_order_acq_rel) == 1) {
            map_.erase(record->number);
        }
    }

private:
    /// Counted under the reader's side of the bucket's lock.
    static std::atomic<u32>& count_of(Held record) {
        return const_cast<Record*>(record)->references;
    }

    Map map_;
    NumberCounter numbers_;
};

}  // namespace bench
