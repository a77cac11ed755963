// std::unordered_map under std::shared_mutex: what one writes first.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "tests/bench/pid/table.h"

namespace bench {

class LockedTable {
    struct Record {
        std::atomic<u32> references{1};
        u32 number = 0;
        u32 slot = 0;
    };

public:
    static constexpr std::string_view kName = "locked";
    static constexpr bool kKnowsMisses = true;
    using Thread = PlainThread;
    using Held = Record*;

    explicit LockedTable(u32 live) { map_.reserve(live); }

    u32 allocate(Thread&, u32 slot) {
        const std::unique_lock guard(lock_);
        for (;;) {
            const u32 number = numbers_.next();
            const auto [place, added] = map_.try_emplace(number);
            if (!added) continue;
            place->second.number = number;
            place->second.slot = slot;
            return number;
        }
    }
    void free(Thread&, u32 number, u32) {
        const std::unique_lock guard(lock_);
        const auto place = map_.find(number);
        if (place != map_.end() && drop(place->second)) map_.erase(place);
    }
    u32 find(Thread&, u32 number) {
        const std::shared_lock guard(lock_);
        const auto place = map_.find(number);
        return place == map_.end() ? kNobody : place->second.slot;
    }
    Held acquire(Thread&, u32 number) {
        const std::shared_lock guard(lock_);
        const auto place = map_.find(number);
        if (place == map_.end()) return nullptr;
        place->second.references.fetch_add(1, std::memory_order_acquire);
        return &place->second;
    }
    void release(Thread&, Held record) {
        if (!drop(*record)) return;
        const std::unique_lock guard(lock_);
        map_.erase(record->number);
    }

private:
    static bool drop(Record& record) {
        return record.references.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    std::shared_mutex lock_;
    std::unordered_map<u32, Record> map_;
    NumberCounter numbers_;
};

}  // namespace bench
