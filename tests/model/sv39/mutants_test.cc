// Each planted fault of the shared page tables is found by the scenario that is there for it.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/model/mutant.h"
#include "tests/model/sv39/fork_scenarios.h"

unsigned model::mutant = 0;

namespace model::sv39 {
namespace {

constexpr Mutant kMutants[] = {
#include "arch/riscv64/sv39/mutants.inc"
};

TEST(ForkMutants, EachIsFoundByItsScenario) {
    std::printf("%-70s %-46s %10s\n", "fault", "found by", "executions");
    EXPECT_GE(std::size(kMutants), 50u);
    for (const Mutant& planted : kMutants) {
        const Scenario& killer = scenario(planted.killer);
        mutant = planted.number;
        const Report report = killer.explore(killer.preemptions);
        mutant = 0;
        std::printf("%-70s %-46s %10llu\n", planted.name, report.ok() ? "nobody" : planted.killer,
                    static_cast<unsigned long long>(report.executions));
        EXPECT_FALSE(report.ok()) << planted.name << ": survives '" << planted.killer << "'";
    }
}

TEST(ForkMutants, WithoutAFaultTheCopyIsRight) {
    for (const char* name :
         {"write against end", "a fork after tables were copied", "map against write",
          "clear against write", "map of a table, both short of memory"}) {
        const Scenario& each = scenario(name);
        const Report report = each.explore(each.preemptions);
        EXPECT_TRUE(report.ok()) << name << ": " << report.failure;
    }
}

}  // namespace
}  // namespace model::sv39
