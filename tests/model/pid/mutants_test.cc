// Each planted fault of the Pid hash is found by the scenario that is there for it.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/model/mutant.h"
#include "tests/model/pid/scenarios.h"

unsigned model::mutant = 0;

namespace model::pid {
namespace {

constexpr Mutant kMutants[] = {
#include "pid/mutants.inc"
};

TEST(PidMutants, EachIsFoundByItsScenario) {
    std::printf("%-70s %-42s %10s\n", "fault", "found by", "executions");
    EXPECT_GE(std::size(kMutants), 80u);
    for (const Mutant& planted : kMutants) {
        const Scenario& killer = scenario(planted.killer);
        mutant = planted.number;
        const Report report = killer.run(MemoryModel::kWeak);
        mutant = 0;
        std::printf("%-70s %-42s %10llu\n", planted.name, report.ok() ? "nobody" : planted.killer,
                    static_cast<unsigned long long>(report.executions));
        EXPECT_FALSE(report.ok()) << planted.name << ": survives '" << planted.killer << "'";
    }
}

/// The copy differs from the shipped header only while a fault is at work.
TEST(PidMutants, WithoutAFaultTheCopyIsRight) {
    for (const char* name : {"acquire against reuse of the cell", "low numbers",
                             "release orders work before reuse", "laps and stamps"}) {
        const Report report = scenario(name).run(MemoryModel::kWeak);
        EXPECT_TRUE(report.ok()) << name << ": " << report.failure;
    }
}

}  // namespace
}  // namespace model::pid
