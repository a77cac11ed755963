// Effective priorities: who uses little keeps the base, who uses its share is at the bottom.
#include "sched/priority.h"

#include <gtest/gtest.h>

namespace kernel::sched {
namespace {

constexpr u32 kAlone = kFullUsage;

TEST(Priority, IdleTasksKeepTheirBase) {
    for (Priority base = 0; base < kPriorityLevels; ++base) {
        EXPECT_EQ(effective_priority(base, 0, kAlone), base);
    }
}

TEST(Priority, UseOfTheFairShareLeavesOne) {
    EXPECT_EQ(effective_priority(kNormalPriority, kFullUsage, kAlone), 1);
    EXPECT_EQ(effective_priority(kNormalPriority, kFullUsage / 2, 2 * kFullUsage), 1);
    EXPECT_EQ(effective_priority(kNormalPriority, kFullUsage, 4 * kFullUsage), 1);
}

TEST(Priority, ATenthOfTheShareCostsNothingAtTheNormalBase) {
    EXPECT_EQ(effective_priority(kNormalPriority, kFullUsage / 10, kAlone), kNormalPriority);
    EXPECT_EQ(effective_priority(kNormalPriority, kFullUsage / 5, kAlone), 5);
}

TEST(Priority, NeverRisesAboveTheBaseNorFallsWithLessUse) {
    for (Priority base = 0; base < kPriorityLevels; ++base) {
        Priority before = base;
        for (u32 usage = 0; usage <= kFullUsage; usage += 10) {
            const Priority now = effective_priority(base, usage, 3 * kFullUsage);
            EXPECT_LE(now, before);
            before = now;
        }
    }
}

TEST(Priority, RealTimeLevelsStay) {
    EXPECT_EQ(effective_priority(kRealTimePriority, kFullUsage, 9 * kFullUsage), kRealTimePriority);
    EXPECT_EQ(effective_priority(kReleasePriority, kFullUsage, 9 * kFullUsage), kReleasePriority);
}

TEST(Priority, PacksAndUnpacks) {
    const Priorities some{.base = 13, .effective = 4, .fixed = true};
    const Priorities back = Priorities::from(some.packed());
    EXPECT_EQ(back.base, 13);
    EXPECT_EQ(back.effective, 4);
    EXPECT_TRUE(back.fixed);
    EXPECT_FALSE(Priorities::from(Priorities{}.packed()).fixed);
}

}  // namespace
}  // namespace kernel::sched
