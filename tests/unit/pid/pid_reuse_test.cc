// BasicPidCells, reuse: how many allocations and how much time lie between two lives of a number.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

constexpr Nanos kDelay = nanos_from_seconds(10);

/// Churns through a tiny number space and checks every reuse against the fake clock.
class Churn {
public:
    Churn(u32 cell_bits, u32 number_bits, u32 harts)
        : memory_(cell_bits), cells_(make_options(number_bits, harts)), harts_(harts) {
        freed_at_.resize(usize{1} << number_bits);
        freed_.resize(usize{1} << number_bits);
    }

    /// One allocation on `hart`; false if it is too soon.
    bool step(u32 hart, u32 keep) {
        const Result<u32> outcome = cells_.allocate(hart, std::nullopt, 1, now_);
        if (!outcome.ok()) {
            EXPECT_EQ(outcome.error(), Error::kPidTooSoon);
            EXPECT_GT(cells_.opens_at(), now_);
            EXPECT_LE(cells_.opens_at(), now_ + kDelay);
            return false;
        }
        const u32 number = outcome.value();
        if (freed_[number]) {
            ++reuses_;
            EXPECT_GE(now_.value, (freed_at_[number] + kDelay).value) << "number " << number;
        }
        held_.push_back(number);
        while (held_.size() > keep) {
            std::uniform_int_distribution<usize> pick(0, held_.size() - 1);
            std::swap(held_[pick(random_)], held_.back());
            cells_.release(held_.back(), 1);
            freed_[held_.back()] = true;
            freed_at_[held_.back()] = now_;
            held_.pop_back();
        }
        return true;
    }
    void run(u32 steps, u32 keep, Nanos pace) {
        for (u32 i = 0; i < steps; ++i) {
            if (!step(i % harts_, keep)) {
                now_ = cells_.opens_at();
                ++waits_;
            }
            now_ += pace;
        }
    }

    PidCells& cells() { return cells_; }
    u64 reuses() const { return reuses_; }
    u64 waits() const { return waits_; }

private:
    PidOptions make_options(u32 number_bits, u32 harts) {
        PidOptions options = memory_.options(number_bits);
        options.harts = harts;
        options.reuse_delay = kDelay;
        return options;
    }

    TestMemory memory_;
    PidCells cells_;
    u32 harts_;
    Nanos now_ = nanos_from_seconds(100);
    std::mt19937 random_{7};
    std::vector<u32> held_;
    std::vector<Nanos> freed_at_;
    std::vector<bool> freed_;
    u64 reuses_ = 0;
    u64 waits_ = 0;
};

TEST(PidReuse, AFreedNumberRestsForTheDelayHoweverFastOneForks) {
    Churn churn(9, 14, 1);
    churn.run(1'000'000, 0, Nanos{0});
    EXPECT_GT(churn.reuses(), 900'000u);
    EXPECT_GT(churn.waits(), 10u);
    EXPECT_EQ(churn.cells().counters().gate, churn.waits());
}

TEST(PidReuse, ItRestsAlsoWhenTheTableIsNearlyFull) {
    Churn churn(9, 14, 1);
    churn.run(200'000, 508, nanos_from_micros(10));
    EXPECT_GT(churn.reuses(), 100'000u);
}

TEST(PidReuse, ItRestsAlsoWithHartsThatSitOnOldWindows) {
    Churn churn(9, 14, 4);
    // Harts 1 to 3 take windows and then rarely allocate.
    std::mt19937 random(3);
    for (int turn = 0; turn < 2000; ++turn) {
        churn.run(4, 100, Nanos{0});
        for (int i = 0; i < 200; ++i) churn.step(0, 100);
    }
    EXPECT_GT(churn.cells().counters().gate, 0u);
}

TEST(PidReuse, SlowForkingNeverMeetsTheGate) {
    Churn churn(9, 14, 2);
    churn.run(200'000, 50, nanos_from_millis(2));  // a lap in about a second
    EXPECT_GT(churn.reuses(), 150'000u);
    EXPECT_EQ(churn.waits(), 0u);
}

// A low number is not given again, so its cell sits out a use in 8 generations. Here that would be
// felt, and in a cell of the second block, which a hart looks at long after it has entered the lap.
TEST(PidReuse, ANumberOfALowCellRestsAsLong) {
    constexpr u32 kCell = 70;
    TestMemory memory(7);
    PidOptions options = memory.options(10);
    options.reuse_delay = kDelay;
    PidCells cells(options);
    Nanos now = nanos_from_seconds(100);
    u32 number = 0;
    const auto next = [&] {
        Result<u32> outcome = cells.allocate(0, {}, 1, now);
        if (!outcome.ok()) {
            now = cells.opens_at();
            outcome = cells.allocate(0, {}, 1, now);
        }
        number = outcome.value();
    };
    constexpr u32 kWatched = 3 * 128 + kCell;
    do {
        next();
        if (number != kWatched) cells.release(number, 1);
    } while (number != kWatched);
    do {  // into the next lap, but not yet to the word of the cell
        next();
        cells.release(number, 1);
    } while (number % 128 > 10);
    now = now + (kDelay - nanos_from_seconds(1));
    cells.release(kWatched, 1);
    const Nanos dropped = now;
    do {
        next();
        cells.release(number, 1);
    } while (number != kWatched);
    EXPECT_GE(now, dropped + kDelay);
}

TEST(PidReuse, ANumberReturnsOnlyAfterAllGenerationsOfItsCell) {
    TestMemory memory(8);
    PidCells cells(memory.options(14));  // 64 generations
    // Half the table is held, so a number returns after >= 64 * free allocations.
    std::vector<u32> held;
    for (u32 i = 0; i < 128; ++i) held.push_back(cells.allocate(0, {}, 1, Nanos{}).value());
    std::vector<u64> last(1u << 14, 0);
    u64 shortest = ~u64{0};
    for (u64 turn = 1; turn < 300'000; ++turn) {
        const u32 number = cells.allocate(0, {}, 1, Nanos{}).value();
        if (last[number] != 0) shortest = std::min(shortest, turn - last[number]);
        last[number] = turn;
        cells.release(number, 1);
    }
    EXPECT_GE(shortest, u64{64} * 126);
    EXPECT_LE(shortest, u64{64} * 130);
}

TEST(PidReuse, ALowCellNeedsAsManyLapsAsAnother) {
    TestMemory memory(7);
    PidCells cells(memory.options(10));  // 8 generations
    constexpr u32 kCell = 50;
    // All numbers are held but those of one low cell.
    u32 number = 0;
    for (u32 i = 0; i < 126; ++i) {
        number = cells.allocate(0, {}, 1, Nanos{}).value();
        if (number == kCell) cells.release(number, 1);
    }
    std::array<u64, 1024> lap_of{};
    for (u32 turn = 0; turn < 100; ++turn) {
        number = cells.allocate(0, {}, 1, Nanos{}).value();
        if (number % 128 == 1) continue;  // held too, once it comes
        ASSERT_EQ(number % 128, kCell);
        ASSERT_NE(number, kCell) << "low numbers are given once";
        const u64 lap = cells.counters().wraps;
        if (lap_of[number] != 0) {
            ASSERT_EQ(lap - lap_of[number], 8u) << number;
        }
        lap_of[number] = lap;
        cells.release(number, 1);
    }
}

TEST(PidReuse, AHeldNumberNeverReturns) {
    TestMemory memory(6);
    PidCells cells(memory.options(9));
    const u32 held = cells.allocate(0, {}, 1, Nanos{}).value();
    for (u32 turn = 0; turn < 10'000; ++turn) {
        const u32 number = cells.allocate(0, {}, 1, Nanos{}).value();
        ASSERT_NE(number, held);
        cells.release(number, 1);
    }
    EXPECT_EQ(cells.references(held), 1u);
}

TEST(PidReuse, WithoutADelayTheGateIsOpen) {
    TestMemory memory(6);
    PidCells cells(memory.options(9));
    for (u32 turn = 0; turn < 100'000; ++turn) {
        cells.release(cells.allocate(0, {}, 1, Nanos{5}).value(), 1);
    }
    EXPECT_EQ(cells.counters().gate, 0u);
    EXPECT_GT(cells.counters().wraps, 1000u);
    cells.set_reuse_delay(kDelay);
    EXPECT_EQ(cells.reuse_delay(), kDelay);
    Error error = Error::kInUse;
    for (u32 turn = 0; turn < 1000 && error == Error::kInUse; ++turn) {
        const Result<u32> outcome = cells.allocate(0, {}, 1, Nanos{5});
        if (outcome.ok()) {
            cells.release(outcome.value(), 1);
        } else {
            error = outcome.error();
        }
    }
    EXPECT_EQ(error, Error::kPidTooSoon);
    EXPECT_EQ(cells.opens_at(), Nanos{5} + kDelay);
    EXPECT_TRUE(cells.allocate(0, {}, 1, cells.opens_at()).ok());
}

}  // namespace
}  // namespace kernel::pid
