// BasicPidCells, numbers at random: what is picked, what is not, and what is read back.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

u32 allocate(PidCells& cells, u32 hart = 0) {
    Result<u32> number = cells.allocate(hart, std::nullopt, 1, Nanos{1});
    EXPECT_TRUE(number.ok());
    return std::move(number).value_or(0);
}

std::vector<u32> draw(u64 seed, u32 count, u32 hart = 0) {
    TestMemory memory(12);
    PidOptions options = memory.options();
    options.seed = seed;
    PidCells cells(options);
    cells.set_random(1000);
    std::vector<u32> numbers;
    for (u32 i = 0; i < count; ++i) numbers.push_back(allocate(cells, hart));
    return numbers;
}

TEST(PidRandom, TheSettingIsClampedAndReadBack) {
    TestMemory memory(9);
    PidCells cells(memory.options());
    EXPECT_EQ(cells.random(), 0u);
    const struct {
        u32 wanted, got;
    } kCases[] = {{1, 0},
                  {0, 0},
                  {2, 100},
                  {50, 100},
                  {99, 100},
                  {100, 100},
                  {5000, 5000},
                  {1'000'000'000, 1'000'000'000},
                  {~u32{0}, kMaxNumber - 100}};
    for (const auto& [wanted, got] : kCases) {
        cells.set_random(wanted);
        EXPECT_EQ(cells.random(), got) << wanted;
    }
}

TEST(PidRandom, EarlyNumbersStayLinearAndLaterOnesAreNot) {
    const std::vector<u32> numbers = draw(1, 500);
    for (u32 i = 0; i < 98; ++i) ASSERT_EQ(numbers[i], i + 2);
    u32 steps_of_one = 0;
    for (u32 i = 99; i < 500; ++i) steps_of_one += numbers[i] == numbers[i - 1] + 1 ? 1 : 0;
    EXPECT_LT(steps_of_one, 40u);
    EXPECT_EQ(std::set<u32>(numbers.begin(), numbers.end()).size(), 500u);
}

TEST(PidRandom, TheSeedAndTheHartDecide) {
    EXPECT_EQ(draw(7, 300), draw(7, 300));
    EXPECT_NE(draw(7, 300), draw(8, 300));
    // Past the low numbers, hart 1 is as good as alone here: the windows are the same.
    EXPECT_NE(draw(7, 300), draw(7, 300, 1));
}

TEST(PidRandom, EveryCellIsUsedOncePerLapAllTheSame) {
    const std::vector<u32> numbers = draw(3, 4094);
    const std::set<u32> seen(numbers.begin(), numbers.end());
    EXPECT_EQ(seen.size(), 4094u);
    EXPECT_EQ(*seen.begin(), 2u);
    EXPECT_EQ(*seen.rbegin(), 4095u);
}

TEST(PidRandom, ReuseIsAsFarAwayAsWithout) {
    TestMemory memory(8);
    PidCells cells(memory.options(14));  // 64 generations
    cells.set_random(100);
    std::vector<u64> last(u32{1} << 14, 0);
    u64 shortest = ~u64{0};
    for (u64 turn = 1; turn < 300'000; ++turn) {
        const u32 number = allocate(cells);
        if (last[number] != 0) shortest = std::min(shortest, turn - last[number]);
        last[number] = turn;
        cells.release(number, 1);
    }
    EXPECT_GE(shortest, u64{63} * 254);
}

}  // namespace
}  // namespace kernel::pid
