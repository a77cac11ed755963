// BasicPidCells::next_live: who lives throughout is met once, in cell order.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

TEST(PidIteration, MeetsTheBoundOnesInCellOrder) {
    TestMemory memory(10);
    PidCells cells(memory.options());
    std::vector<u32> expected;
    for (u32 i = 0; i < 900; ++i) {
        const u32 number = cells.allocate(0, std::nullopt, 1, Nanos{}).value();
        if (i % 3 == 0) {
            cells.bind(number, i);
            expected.push_back(number);
        }
    }
    std::vector<u32> met;
    for (auto at = cells.next_live(0); at; at = cells.next_live(at->next)) {
        EXPECT_EQ(cells.lookup(at->number), SlotHint{at->slot});
        met.push_back(at->number);
    }
    EXPECT_EQ(met, expected);
}

TEST(PidIteration, OfAnEmptyTableEndsAtOnce) {
    TestMemory memory(10);
    PidCells cells(memory.options());
    EXPECT_EQ(cells.next_live(0), std::nullopt);
    EXPECT_EQ(cells.next_live(1024), std::nullopt);
    EXPECT_EQ(cells.next_live(~u32{0}), std::nullopt);
}

TEST(PidIteration, WhoLivesThroughoutIsMetExactlyOnceWhateverElseHappens) {
    std::mt19937 random(11);
    TestMemory memory(8);
    PidCells cells(memory.options(14));
    std::vector<u32> permanent;
    std::vector<u32> others;
    for (u32 i = 0; i < 60; ++i) permanent.push_back(cells.allocate(0, i, 1, Nanos{}).value());
    for (int round = 0; round < 200; ++round) {
        std::map<u32, int> met;
        for (auto at = cells.next_live(0); at; at = cells.next_live(at->next)) {
            ++met[at->number];
            for (u32 change = random() % 4; change > 0; --change) {
                if (others.size() > 100 || (!others.empty() && random() % 2 == 0)) {
                    std::swap(others[random() % others.size()], others.back());
                    cells.exit(others.back(), 200, 1);
                    others.pop_back();
                } else {
                    others.push_back(cells.allocate(0, 200, 1, Nanos{}).value());
                }
            }
        }
        for (const u32 number : permanent) ASSERT_EQ(met[number], 1) << number;
        for (const auto& [number, times] : met) ASSERT_LE(times, 1) << number;
    }
}

}  // namespace
}  // namespace kernel::pid
