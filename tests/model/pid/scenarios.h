// Scenarios: small programs on the Pid hash, each about one promise of it.
#pragma once

#include <span>

#include "tests/model/explore.h"

namespace model::pid {

struct Scenario {
    const char* name;
    u32 threads;
    Report (*explore)(const Bounds& bounds);
    Report (*walk)(const Walk& walk);
    /// Walks of the default tier, for what has too many executions to see them all; 0: all.
    u64 walks = 0;
    /// Preemptions in sequential and in weak memory, where all are too many.
    std::optional<u32> sequential = std::nullopt;
    std::optional<u32> weak = std::nullopt;

    Bounds bounds(MemoryModel memory) const {
        Bounds bounds;
        bounds.memory = memory;
        bounds.preemptions = memory == MemoryModel::kWeak ? weak : sequential;
        return bounds;
    }
    /// Explores it, or walks as often as the default tier does.
    Report run(MemoryModel memory) const {
        if (walks == 0) return explore(bounds(memory));
        return walk({.walks = walks, .bounds = bounds(memory)});
    }
};

template <class P>
constexpr Scenario make(const char* name, u32 threads, u64 walks = 0,
                        std::optional<u32> sequential = std::nullopt,
                        std::optional<u32> weak = std::nullopt) {
    return {name,
            threads,
            [](const Bounds& bounds) { return explore<P>(bounds); },
            [](const Walk& how) { return walk<P>(how); },
            walks,
            sequential,
            weak};
}

std::span<const Scenario> references_scenarios();
std::span<const Scenario> interrupts_scenarios();
std::span<const Scenario> claims_scenarios();
std::span<const Scenario> allocation_scenarios();
std::span<const Scenario> full_scenarios();
std::span<const Scenario> windows_scenarios();
std::span<const Scenario> laps_scenarios();

/// All of them.
const std::vector<Scenario>& scenarios();
/// By name; there must be one.
const Scenario& scenario(std::string_view name);

}  // namespace model::pid
