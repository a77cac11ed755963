// RangeSet: stays sorted, disjoint and merged, and never takes one run too many.
#include "boot/range_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace boot {
namespace {

PhysRange run(u64 start, u64 end) { return {.start = {start}, .size = end - start}; }

TEST(RangeSet, JoinsWhatOverlapsOrTouches) {
    RangeSet<4> set;
    EXPECT_TRUE(set.add(run(30, 40)));
    EXPECT_TRUE(set.add(run(10, 20)));
    ASSERT_EQ(set.ranges().size(), 2U);
    EXPECT_EQ(set.ranges()[0], run(10, 20));
    EXPECT_TRUE(set.add(run(20, 30)));
    ASSERT_EQ(set.ranges().size(), 1U);
    EXPECT_EQ(set.ranges()[0], run(10, 40));
    EXPECT_TRUE(set.covers(run(10, 40)));
    EXPECT_FALSE(set.covers(run(10, 41)));
    EXPECT_TRUE(set.touches(run(39, 50)));
    EXPECT_FALSE(set.touches(run(40, 50)));
}

TEST(RangeSet, RefusesOneRunTooManyAndStaysAsItWas) {
    RangeSet<2> set;
    EXPECT_TRUE(set.add(run(10, 20)));
    EXPECT_TRUE(set.add(run(30, 40)));
    EXPECT_FALSE(set.add(run(50, 60)));
    EXPECT_TRUE(set.add(run(15, 35)));
    ASSERT_EQ(set.ranges().size(), 1U);
    EXPECT_EQ(set.ranges()[0], run(10, 40));
}

TEST(RangeSet, EmptyAndWrappingRangesAddNothing) {
    RangeSet<1> set;
    EXPECT_TRUE(set.add(run(7, 7)));
    EXPECT_TRUE(set.add({.start = {~u64{0} - 5}, .size = 100}));
    EXPECT_TRUE(set.ranges().empty());
}

TEST(RangeSet, AgreesWithASetOfAddresses) {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        RangeSet<16> set;
        std::set<u64> model;
        for (int i = 0; i < 12; ++i) {
            const u64 start = random() % 200;
            const u64 end = start + random() % 30;
            ASSERT_TRUE(set.add(run(start, end)));
            for (u64 at = start; at < end; ++at) model.insert(at);
        }
        std::set<u64> seen;
        u64 previous_end = 0;
        bool first = true;
        for (const PhysRange& range : set.ranges()) {
            EXPECT_TRUE(first || range.start.value > previous_end);
            first = false;
            previous_end = range.end().value;
            for (u64 at = range.start.value; at < range.end().value; ++at) seen.insert(at);
        }
        EXPECT_EQ(seen, model);
    }
}

}  // namespace
}  // namespace boot
