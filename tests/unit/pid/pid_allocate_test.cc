// BasicPidCells, the allocator: order of numbers, windows of harts, filling on demand, a full
// table.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"
#include "tests/unit/show_panics.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

u32 allocate(PidCells& cells, u32 hart = 0) {
    Result<u32> number = cells.allocate(hart, std::nullopt, 1, Nanos{1});
    EXPECT_TRUE(number.ok());
    return std::move(number).value_or(0);
}

TEST(PidAllocate, OnOneHartNumbersAreLinear) {
    TestMemory memory(12);
    PidCells cells(memory.options());
    EXPECT_EQ(cells.allocate_first(std::nullopt, 1).value(), 1u);
    for (u32 expected = 2; expected < 4096; ++expected) {
        ASSERT_EQ(allocate(cells), expected);
    }
    // The second lap: the same cells, the next generation.
    cells.release(77, 1);
    EXPECT_EQ(allocate(cells), 77u + 4096);
}

TEST(PidAllocate, NumbersBelowAHundredAreLinearOnAnyHarts) {
    TestMemory memory(12);
    PidCells cells(memory.options());
    for (u32 expected = 2; expected < kLowNumbers; ++expected) {
        ASSERT_EQ(allocate(cells, expected % 7), expected);
    }
    // From here on each hart has a window of its own.
    EXPECT_EQ(allocate(cells, 0), 100u);
    EXPECT_EQ(allocate(cells, 1), 512u);
    EXPECT_EQ(allocate(cells, 2), 1024u);
    EXPECT_EQ(allocate(cells, 0), 101u);
}

TEST(PidAllocate, WindowsOfSeveralHartsAreLongWhereThereIsRoom) {
    const auto first_of_hart_1 = [](u32 cell_bits, u32 harts) {
        TestMemory memory(cell_bits);
        PidOptions options = memory.options();
        options.harts = harts;
        PidCells cells(options);
        for (u32 expected = 2; expected <= kLowNumbers; ++expected) {
            EXPECT_EQ(allocate(cells), expected);
        }
        return allocate(cells, 1);
    };
    EXPECT_EQ(first_of_hart_1(16, 1), 512u) << "one hart has no neighbours";
    EXPECT_EQ(first_of_hart_1(13, 2), 512u) << "eight windows for each";
    EXPECT_EQ(first_of_hart_1(14, 2), 1024u);
    EXPECT_EQ(first_of_hart_1(15, 2), 2048u);
    EXPECT_EQ(first_of_hart_1(20, 2), 2048u) << "as long as they get";
    EXPECT_EQ(first_of_hart_1(15, 4), 1024u);
    EXPECT_EQ(first_of_hart_1(16, 64), 512u);
}

TEST(PidAllocate, NumberOneIsGivenOnceAndOnlyOnRequest) {
    TestMemory memory(6);
    PidCells cells(memory.options());
    std::set<u32> seen;
    for (u32 i = 0; i < 62; ++i) seen.insert(allocate(cells));
    EXPECT_EQ(seen.size(), 62u);
    EXPECT_EQ(seen.count(0), 0u);
    EXPECT_EQ(seen.count(1), 0u);
    EXPECT_EQ(cells.allocate_first(std::nullopt, 1).value(), 1u);
    EXPECT_EQ(cells.allocate_first(std::nullopt, 1).error(), Error::kInUse);
    cells.release(1, 1);
    EXPECT_EQ(cells.allocate_first(std::nullopt, 1).error(), Error::kInUse);
}

TEST(PidAllocate, LowNumbersNeverComeBack) {
    TestMemory memory(7);
    PidCells cells(memory.options(10));
    std::vector<u32> times(1024, 0);
    for (u32 i = 0; i < 20'000; ++i) {
        const u32 number = allocate(cells);
        ASSERT_LT(number, 1024u);
        ++times[number];
        cells.release(number, 1);
    }
    EXPECT_EQ(times[0], 0u);
    EXPECT_EQ(times[1], 0u);
    for (u32 number = 2; number < kLowNumbers; ++number) EXPECT_EQ(times[number], 1u) << number;
    for (u32 number = kLowNumbers; number < 1024; ++number) {
        const bool never = number % 128 == 0;  // cell 0
        EXPECT_GE(times[number], never ? 0u : 10u) << number;
        EXPECT_LE(times[number], never ? 0u : 1000u) << number;
    }
}

TEST(PidAllocate, TouchesCellsOnlyAsNumbersReachThem) {
    TestMemory memory(16);
    PidCells cells(memory.options());
    const usize all = PidSize{16}.cell_bytes();
    EXPECT_EQ(all - memory.untouched_cell_bytes(), 4096u);
    // Junk beyond is not believed.
    for (u32 number = 512; number < 65'536; number += 511) {
        EXPECT_EQ(cells.lookup(number), std::nullopt);
        EXPECT_EQ(cells.references(number), 0u);
    }
    EXPECT_EQ(cells.counters().live, 0u);
    EXPECT_EQ(cells.next_live(0), std::nullopt);
    for (u32 i = 0; i < 1000; ++i) allocate(cells);
    EXPECT_LE(all - memory.untouched_cell_bytes(), 3 * 4096u);
    EXPECT_EQ(cells.counters().live, 1000u);
}

TEST(PidAllocate, TouchesALongWindowWhenANumberReachesIt) {
    TestMemory memory(16);
    PidOptions options = memory.options();
    options.harts = 2;
    PidCells cells(options);
    constexpr usize kWindow = 2048 * sizeof(u64);
    const usize all = PidSize{16}.cell_bytes();
    EXPECT_EQ(all - memory.untouched_cell_bytes(), kWindow);
    for (u32 number = 2; number < 2048; ++number) ASSERT_EQ(allocate(cells), number);
    EXPECT_EQ(all - memory.untouched_cell_bytes(), kWindow);
    EXPECT_EQ(allocate(cells, 1), 2048u);
    EXPECT_EQ(all - memory.untouched_cell_bytes(), 2 * kWindow);
    EXPECT_EQ(cells.next_live(0), std::nullopt);
}

TEST(PidAllocate, AFullTableFailsAtOnceAndWorksAgainAfterADrop) {
    TestMemory memory(9);
    PidCells cells(memory.options());
    std::vector<u32> held;
    held.push_back(cells.allocate_first(std::nullopt, 1).value());
    for (u32 i = 0; i < 510; ++i) held.push_back(allocate(cells));
    EXPECT_EQ(cells.counters().live, cells.counters().capacity);
    for (u32 i = 0; i < 1000; ++i) {
        ASSERT_EQ(cells.allocate(i % 3, std::nullopt, 1, Nanos{1}).error(), Error::kNoProcs);
    }
    // Failing did not drive the cursor round.
    EXPECT_LE(cells.counters().wraps, 4u);
    EXPECT_EQ(cells.counters().refused, 1000u);
    cells.release(held[300], 1);
    EXPECT_EQ(allocate(cells, 2) % 512, held[300] % 512);
    EXPECT_EQ(cells.allocate(0, std::nullopt, 1, Nanos{1}).error(), Error::kNoProcs);
}

TEST(PidAllocate, FindsTheOneFreeNumberFromAnyWindow) {
    TestMemory memory(12);
    PidCells cells(memory.options());
    std::vector<u32> held;
    held.push_back(cells.allocate_first(std::nullopt, 1).value());
    for (u32 i = 0; i < 4094; ++i) held.push_back(allocate(cells));
    for (u32 i = 0; i < 200; ++i) {
        const u32 victim = (i * 1237) % 4095;
        cells.release(held[victim], 1);
        held[victim] = allocate(cells, i % 5);
        ASSERT_NE(held[victim], 0u);
    }
    EXPECT_EQ(cells.counters().refused, 0u);
}

TEST(PidAllocate, CountsWhatItDid) {
    TestMemory memory(9);
    PidCells cells(memory.options());
    for (u32 i = 0; i < 5; ++i) allocate(cells, i);
    EXPECT_EQ(cells.counters().live, 5u);
    EXPECT_EQ(cells.counters().allocated, 5u);
    cells.release(3, 1);
    const PidCounters counters = cells.counters();
    EXPECT_EQ(counters.live, 4u);
    EXPECT_EQ(counters.peak, 5u);
    EXPECT_EQ(counters.capacity, 511u);
    EXPECT_EQ(counters.wraps, 0u);
}

TEST(PidAllocateDeathTest, AReuseDelayThatCannotBePromisedIsRefused) {
    kernel::testing::show_panics();
    TestMemory memory(9);
    PidOptions options = memory.options(13);  // 16 generations, steps of 2 laps
    options.reuse_delay = nanos_from_seconds(10);
    options.harts = 2;
    PidCells fine(options);
    options.harts = 3;
    EXPECT_DEATH(PidCells{options}, "bits_suffice");
}

}  // namespace
}  // namespace kernel::pid
