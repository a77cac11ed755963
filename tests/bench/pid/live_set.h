// The processes a table is measured with: scattered numbers, met in random order.
#pragma once

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "tests/bench/pid/table.h"

namespace bench {

/// Operations in a run, between two looks at the clock.
inline constexpr u32 kRun = 1024;

struct Process {
    u32 number;
    u32 slot;
};

/// What a table was filled with, and in which order it is asked.
struct LiveSet {
    std::vector<Process> live;
    std::vector<u32> dead;  // numbers that were given once
    // Numbers to ask for: whole runs of them, each number about as often as another.
    std::vector<u32> hits;
    std::vector<u32> misses;
    /// By slot: a process's successor in one cycle through all. An answer leads to the next
    /// question.
    std::vector<u32> successor;
};

inline std::vector<u32> whole_runs(std::vector<u32> numbers, std::mt19937& random) {
    const usize least = std::max<usize>(numbers.size(), 4 * kRun);
    const usize size = (least + kRun - 1) / kRun * kRun;
    std::vector<u32> runs;
    runs.reserve(size + numbers.size());
    while (runs.size() < size) {
        std::shuffle(numbers.begin(), numbers.end(), random);
        runs.insert(runs.end(), numbers.begin(), numbers.end());
    }
    runs.resize(size);
    return runs;
}

/// Gives 3 * live numbers and ends a random two thirds of them, so that what remains is scattered.
/// Those that remain have the slots 0 to live - 1, in random order.
template <Table T>
LiveSet fill(T& table, typename T::Thread& thread, u32 live) {
    std::mt19937 random(live);
    std::vector<u32> slots(3 * live, live);  // the first spare slot: of those that end
    std::iota(slots.begin(), slots.begin() + live, 0u);
    std::shuffle(slots.begin(), slots.end(), random);

    LiveSet set;
    std::vector<u32> ending;
    thread.begin();
    for (const u32 slot : slots) {
        const u32 number = table.allocate(thread, slot);
        if (slot == live) {
            ending.push_back(number);
        } else {
            set.live.push_back({number, slot});
        }
    }
    std::shuffle(ending.begin(), ending.end(), random);
    for (const u32 number : ending) table.free(thread, number, live);
    thread.end();

    set.dead = std::move(ending);
    std::vector<u32> numbers;
    for (const Process& process : set.live) numbers.push_back(process.number);
    set.hits = whole_runs(numbers, random);
    std::vector<u32> some_dead = set.dead;
    some_dead.resize(live);
    set.misses = whole_runs(std::move(some_dead), random);

    set.successor.resize(live + kSpareSlots);
    std::vector<u32> order(live);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), random);
    for (u32 i = 0; i < live; ++i) {
        set.successor[set.live[order[i]].slot] = set.live[order[(i + 1) % live]].number;
    }
    return set;
}

}  // namespace bench
