// The floor: an array indexed by the number, and nothing else. No table of numbers can do with
// less.
#pragma once

#include "tests/bench/pid/pid_hash.h"
#include "tests/bench/pid/table.h"

namespace bench {

/// As many words as the Pid hash has cells, the same indices, no check whatever.
class Floor {
public:
    static constexpr std::string_view kName = "floor";
    static constexpr bool kKnowsMisses = false;
    using Thread = PlainThread;
    using Held = std::atomic<u64>*;

    explicit Floor(u32 live)
        : words_(PidHash::size_for(live).cells()), mask_(PidHash::size_for(live).cells() - 1) {}

    u32 allocate(Thread&, u32 slot) {
        const u32 number = numbers_.next();
        words_[number & mask_].store(slot, std::memory_order_relaxed);
        return number;
    }
    void free(Thread&, u32, u32) {}
    u32 find(Thread&, u32 number) {
        return static_cast<u32>(words_[number & mask_].load(std::memory_order_relaxed));
    }
    Held acquire(Thread&, u32 number) {
        Held word = &words_[number & mask_];
        word->fetch_add(1, std::memory_order_relaxed);
        return word;
    }
    void release(Thread&, Held word) { word->fetch_sub(1, std::memory_order_relaxed); }

private:
    HugeArray<std::atomic<u64>> words_;
    const u32 mask_;
    NumberCounter numbers_;
};

}  // namespace bench
