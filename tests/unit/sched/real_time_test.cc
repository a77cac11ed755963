// The question whether a hart can serve all: by hand, and against counting every deadline.
#include "sched/real_time.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

namespace kernel::sched {
namespace {

RealTimeNeeds needs(u64 period, u64 deadline, u64 cost) {
    return {.period = nanos_from_micros(period),
            .deadline = nanos_from_micros(deadline),
            .cost = nanos_from_micros(cost)};
}

Schedulable ask(std::vector<RealTimeNeeds> all) { return is_schedulable(all); }

TEST(IsSchedulable, KeepsATwentiethForOthers) {
    EXPECT_EQ(ask({needs(1000, 1000, 949)}), Schedulable::kYes);
    EXPECT_EQ(ask({needs(1000, 1000, 951)}), Schedulable::kNo);
    EXPECT_EQ(ask({needs(1000, 1000, 400), needs(2000, 2000, 1000)}), Schedulable::kYes);
    EXPECT_EQ(ask({needs(1000, 1000, 400), needs(2000, 2000, 1200)}), Schedulable::kNo);
    EXPECT_EQ(ask({}), Schedulable::kYes);
}

TEST(IsSchedulable, LooksAtDeadlinesBeforeTheEndOfPeriods) {
    // Six tenths of the hart, but both at once.
    EXPECT_EQ(ask({needs(10, 5, 3), needs(10, 5, 3)}), Schedulable::kNo);
    EXPECT_EQ(ask({needs(10, 5, 3), needs(10, 10, 3)}), Schedulable::kYes);
    EXPECT_EQ(ask({needs(1000, 100, 95)}), Schedulable::kYes);
    EXPECT_EQ(ask({needs(1000, 100, 96)}), Schedulable::kNo);
}

TEST(IsSchedulable, SaysWhenItTakesTooLong) {
    // Nearly all of the hart, and periods that meet again after years only.
    std::vector<RealTimeNeeds> all;
    for (const u64 period :
         {10007, 10009, 10037, 10039, 10061, 10067, 10069, 10079, 10091, 10093}) {
        all.push_back({.period = Nanos{period},
                       .deadline = Nanos{period - 5},
                       .cost = Nanos{period / 20 * 19 / 10 - 1}});
    }
    all.push_back({.period = Nanos{1'000'000'007},
                   .deadline = Nanos{1'000'000'007},
                   .cost = Nanos{1'000'000}});
    EXPECT_EQ(ask(all), Schedulable::kTooLongToSay);
}

TEST(IsSchedulable, TakesTheLongestTimes) {
    const u64 longest = u64{1} << 50;
    const RealTimeNeeds half{
        .period = Nanos{longest}, .deadline = Nanos{longest}, .cost = Nanos{longest / 2}};
    EXPECT_EQ(ask({half}), Schedulable::kYes);
    EXPECT_EQ(ask({half, half}), Schedulable::kNo);
    EXPECT_EQ(ask({half, needs(1000, 1000, 1)}), Schedulable::kTooLongToSay);
}

/// What must be done by each deadline until all periods have begun at once again, and until the
/// latest deadline behind that.
bool counted(const std::vector<RealTimeNeeds>& all) {
    u64 together = 1;
    u64 latest = 0;
    for (const RealTimeNeeds& one : all) {
        together = std::lcm(together, one.period.value);
        latest = std::max(latest, one.deadline.value);
    }
    for (u64 time = 1; time <= together + latest; ++time) {
        u64 wanted = 0;
        for (const RealTimeNeeds& one : all) {
            for (u64 begun = 0; begun + one.deadline.value <= time; begun += one.period.value)
                wanted += one.cost.value;
        }
        if (wanted * 20 > time * 19) return false;
    }
    return true;
}

TEST(IsSchedulable, AgreesWithCountingEveryDeadline) {
    std::mt19937_64 random(1);
    u32 yes = 0;
    constexpr u32 kRounds = 4000;
    for (u32 round = 0; round < kRounds; ++round) {
        std::vector<RealTimeNeeds> all(1 + random() % 4);
        for (RealTimeNeeds& one : all) {
            // Divisors of 240, so that little has to be counted.
            constexpr u64 kPeriods[] = {20, 24, 30, 40, 48, 60, 80, 120};
            one.period = Nanos{kPeriods[random() % 8]};
            one.cost = Nanos{1 + random() % (one.period.value / 2)};
            one.deadline =
                Nanos{one.cost.value + random() % (one.period.value - one.cost.value + 1)};
        }
        // Whether what is exactly nineteen twentieths fits is a matter of rounding.
        u64 parts = 0;
        for (const RealTimeNeeds& one : all) parts += one.cost.value * (240 / one.period.value);
        if (parts * 20 == 240 * 19) continue;
        const bool fits = counted(all);
        // Times of some length: what is left of a hart is rounded to nanoseconds.
        for (RealTimeNeeds& one : all) {
            for (Nanos* time : {&one.period, &one.deadline, &one.cost}) *time = nanos_from_micros(time->value);
        }
        ASSERT_EQ(is_schedulable(all), fits ? Schedulable::kYes : Schedulable::kNo)
            << "round " << round;
        if (fits) ++yes;
    }
    // Both answers came often.
    EXPECT_GT(yes, kRounds / 10);
    EXPECT_LT(yes, kRounds - kRounds / 10);
}

}  // namespace
}  // namespace kernel::sched
