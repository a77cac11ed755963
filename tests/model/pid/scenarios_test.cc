// The shipped Pid hash in all scenarios: every execution of each, or many walks; prints how many.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/model/pid/scenarios.h"

namespace model::pid {
namespace {

using Count = unsigned long long;

bool long_tier() {
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    return tier != nullptr && std::string_view(tier) == "long";
}

void print_head() {
    std::printf("%-44s %-10s %10s %10s %11s  %-13s %s\n", "scenario", "memory", "executions",
                "redundant", "steps", "bound", "result");
}

void print_row(const Scenario& scenario, MemoryModel memory, const Report& report,
               const std::string& bound) {
    std::printf("%-44s %-10s %10llu %10llu %11llu  %-13s %s\n", scenario.name,
                memory == MemoryModel::kWeak ? "weak" : "sequential",
                static_cast<Count>(report.executions), static_cast<Count>(report.redundant),
                static_cast<Count>(report.steps), bound.c_str(), report.ok() ? "ok" : "FAILED");
    EXPECT_TRUE(report.ok()) << scenario.name << ": " << report.failure;
}

TEST(PidModel, HoldsInEveryExecutionOfEachScenario) {
    print_head();
    u64 exhaustive = 0;
    for (const Scenario& scenario : scenarios()) {
        if (scenario.walks != 0) continue;
        for (const MemoryModel memory : {MemoryModel::kSequential, MemoryModel::kWeak}) {
            const Report report = scenario.run(memory);
            const std::optional<u32> preemptions = scenario.bounds(memory).preemptions;
            print_row(scenario, memory, report,
                      preemptions ? std::to_string(*preemptions) + " preemptions" : "none");
            EXPECT_TRUE(report.exhausted || !report.ok()) << scenario.name;
            exhaustive += report.executions;
        }
    }
    std::printf("%-44s %-10s %10llu\n", "all", "", static_cast<Count>(exhaustive));
    EXPECT_GE(exhaustive, 100'000u);
}

TEST(PidModel, HoldsInRandomWalks) {
    constexpr u64 kLongSteps = 100'000'000;  // for each scenario
    print_head();
    for (const Scenario& scenario : scenarios()) {
        if (scenario.walks == 0) continue;
        for (const MemoryModel memory : {MemoryModel::kSequential, MemoryModel::kWeak}) {
            Walk walk{.walks = scenario.walks, .bounds = scenario.bounds(memory)};
            if (long_tier()) walk.walks = walk.steps = kLongSteps;
            print_row(scenario, memory, scenario.walk(walk), "walks");
        }
    }
}

}  // namespace
}  // namespace model::pid
