// FadingAverage: halves the distance in a half-life, whatever the number of steps.
#include "sched/fading_average.h"

#include <gtest/gtest.h>

namespace kernel::sched {
namespace {

constexpr Nanos kLife = FadingAverage::kHalfLife;

TEST(FadingAverage, BeginsAtNothingAndTendsToTheLevel) {
    FadingAverage average;
    EXPECT_EQ(average.value(), 0u);
    average.advance({kLife.value}, 1000);
    EXPECT_NEAR(average.value(), 500, 1);
    average.advance({2 * kLife.value}, 1000);
    EXPECT_NEAR(average.value(), 750, 1);
    average.advance({200 * kLife.value}, 1000);
    EXPECT_NEAR(average.value(), 1000, 1);
}

TEST(FadingAverage, FallsAsItRises) {
    FadingAverage average;
    average.advance({100 * kLife.value}, 1000);
    average.advance({101 * kLife.value}, 0);
    EXPECT_NEAR(average.value(), 500, 1);
    EXPECT_NEAR(average.value_at({102 * kLife.value}, 0), 250, 1);
    EXPECT_NEAR(average.value(), 500, 1);
}

TEST(FadingAverage, ManySmallStepsComeNearOneBigOne) {
    FadingAverage fine;
    for (u64 ms = 1; ms <= 1000; ++ms) fine.advance(nanos_from_millis(ms), 1000);
    EXPECT_NEAR(fine.value(), 500, 110);  // the exponential says 632 of the way at full resolution
}

TEST(FadingAverage, TimeThatDoesNotPassChangesNothing) {
    FadingAverage average;
    average.advance({kLife.value}, 1000);
    const u32 before = average.value();
    average.advance({kLife.value}, 0);
    average.advance({kLife.value / 2}, 0);
    EXPECT_EQ(average.value(), before);
}

TEST(FadingAverage, AgesThatOverflowNothing) {
    FadingAverage average;
    average.advance({kLife.value}, 4'000'000'000u);
    average.advance({~u64{0}}, 7);
    EXPECT_EQ(average.value(), 7u);
}

}  // namespace
}  // namespace kernel::sched
