// Page tables that forks share, in every execution: whoever touches what, when, sees his own.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/model/sv39/fork_scenarios.h"

namespace model::sv39 {
namespace {

bool long_tier() {
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    return tier != nullptr && std::string_view(tier) == "long";
}

void print(const Scenario& scenario, const std::string& bound, const Report& report) {
    std::printf("%-44s %-13s %10llu %12llu  %s\n", scenario.name.data(), bound.c_str(),
                static_cast<unsigned long long>(report.executions),
                static_cast<unsigned long long>(report.steps), report.ok() ? "ok" : "FAILED");
    EXPECT_TRUE(report.ok()) << scenario.name << ": " << report.failure;
}

TEST(ForkModel, EverybodySeesHisOwnInEveryExecution) {
    std::printf("%-44s %-13s %10s %12s\n", "scenario", "bound", "executions", "steps");
    for (const Scenario& scenario : scenarios()) {
        const u32 bound = scenario.preemptions + (long_tier() ? 1 : 0);
        const Report report = scenario.explore(bound);
        print(scenario, std::to_string(bound) + " preemptions", report);
        EXPECT_TRUE(report.exhausted || !report.ok()) << scenario.name;
    }
}

TEST(ForkModel, AndInRandomWalks) {
    std::printf("%-44s %-13s %10s %12s\n", "scenario", "", "walks", "steps");
    const u64 walks = long_tier() ? 1'000'000 : 20'000;
    for (const Scenario& scenario : scenarios()) print(scenario, "walks", scenario.walk(walks));
}

}  // namespace
}  // namespace model::sv39
