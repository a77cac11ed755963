// Whether a table's answers are right: asked before it is measured.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "tests/bench/pid/live_set.h"
#include "tests/bench/pid/table.h"

namespace bench {

[[noreturn]] inline void wrong(std::string_view table, std::string_view what, u64 number) {
    std::fprintf(stderr, "%s: a wrong answer: %s, number %llu\n", std::string(table).c_str(),
                 std::string(what).c_str(), static_cast<unsigned long long>(number));
    std::exit(1);
}

/// Every number of a filled table is found with its slot, every ended one is nobody's.
template <Table T>
void check_filled(T& table, typename T::Thread& thread, const LiveSet& set) {
    thread.begin();
    for (const Process& process : set.live) {
        if (table.find(thread, process.number) != process.slot) {
            wrong(T::kName, "a live number's slot", process.number);
        }
    }
    if constexpr (T::kKnowsMisses) {
        for (const u32 number : set.dead) {
            if (table.find(thread, number) != kNobody) {
                wrong(T::kName, "an ended number is found", number);
            }
            if (table.acquire(thread, number)) {
                wrong(T::kName, "an ended number can be held", number);
            }
        }
    }
    thread.end();
}

/// A random history against a model: a map from numbers to slots and references.
template <Table T>
void check_history(u32 seed) {
    constexpr u32 kLive = 100;
    constexpr u32 kSteps = 200'000;
    struct Known {
        u32 slot;
        std::vector<typename T::Held> held;
    };
    T table(kLive);
    typename T::Thread thread(table, 0);
    std::map<u32, Known> model;
    std::vector<u32> slots(kLive);
    std::iota(slots.begin(), slots.end(), 0u);
    u32 last_number = 0;
    std::mt19937 random(seed);
    const auto any = [&] { return std::next(model.begin(), random() % model.size()); };

    thread.begin();
    for (u32 step = 0; step < kSteps; ++step) {
        const u32 what = random() % 8;
        if (what < 2 && !slots.empty()) {
            std::swap(slots[random() % slots.size()], slots.back());
            const u32 number = table.allocate(thread, slots.back());
            if (number == 0 || model.contains(number)) wrong(T::kName, "a given number", number);
            model[number].slot = slots.back();
            slots.pop_back();
            last_number = number;
        } else if (what < 4 && !model.empty()) {
            const auto it = any();
            for (const auto held : it->second.held) table.release(thread, held);
            table.free(thread, it->first, it->second.slot);
            slots.push_back(it->second.slot);
            if (table.find(thread, it->first) != kNobody) {
                wrong(T::kName, "found after its end", it->first);
            }
            model.erase(it);
        } else if (what == 4 && !model.empty()) {
            const auto it = any();
            const auto held = table.acquire(thread, it->first);
            if (!held) wrong(T::kName, "cannot be held", it->first);
            it->second.held.push_back(held);
        } else if (what == 5 && !model.empty()) {
            const auto it = any();
            if (it->second.held.empty()) continue;
            table.release(thread, it->second.held.back());
            it->second.held.pop_back();
        } else {
            const u32 number =
                what == 6 && !model.empty() ? any()->first : 1 + random() % (last_number + 100);
            const auto it = model.find(number);
            const u32 expected = it == model.end() ? kNobody : it->second.slot;
            if (table.find(thread, number) != expected) {
                wrong(T::kName, "what is found", number);
            }
        }
    }
    for (auto& [number, known] : model) {
        for (const auto held : known.held) table.release(thread, held);
        table.free(thread, number, known.slot);
    }
    thread.end();
}

}  // namespace bench
