// BasicPidCells, hints: allocation passes over full windows by looking at a bit each, and a hint
// that is wrong costs nobody a number.
#include <gtest/gtest.h>

#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

u64 operations = 0;

/// The kernel's atomics, counted.
template <class T>
class CountedAtomic : public Atomic<T> {
public:
    using Atomic<T>::Atomic;
    T load(std::memory_order order) const {
        ++operations;
        return Atomic<T>::load(order);
    }
    bool compare_exchange(T& expected, T desired, std::memory_order order) {
        ++operations;
        return Atomic<T>::compare_exchange(expected, desired, order);
    }
};

struct CountedAtomics {
    template <class T>
    using Atomic = CountedAtomic<T>;
    static constexpr std::memory_order kOrderByAddress = std::memory_order_acquire;
    static u64 zero_from(u64) { return 0; }
};
using CountedCells = BasicPidCells<CountedAtomics>;

template <class Cells>
u32 allocate(Cells& cells, u32 hart = 0) {
    Result<u32> number = cells.allocate(hart, std::nullopt, 1, Nanos{1});
    EXPECT_TRUE(number.ok());
    return std::move(number).value_or(0);
}

template <class Cells>
std::vector<u32> fill(Cells& cells) {
    std::vector<u32> held{cells.allocate_first(std::nullopt, 1).value()};
    const u32 capacity = cells.counters().capacity;
    while (held.size() < capacity) held.push_back(allocate(cells));
    return held;
}

TEST(PidHints, AMillionHeldNumbersAreCrossedByAFewLooks) {
    constexpr u32 kBits = 20;
    TestMemory memory(kBits);
    CountedCells cells(memory.options());
    const std::vector<u32> held = fill(cells);
    // All windows are left and hinted full, but the one that the hart is in.
    const u32 last = static_cast<u32>(held.size()) - 1;
    cells.release(held[last - 700], 1);
    operations = 0;
    EXPECT_EQ(allocate(cells) % (u32{1} << kBits), held[last - 700]);
    // 2^20 cells are 2048 windows: 32 words of hints. Beside these, the cells of the window that is
    // left and of the one that is found.
    EXPECT_LE(operations, 2 * 512 + 50u);
    EXPECT_FALSE(cells.lookup(held[0]).has_value()) << "held, but nobody's";
}

TEST(PidHints, LongWindowsAreCrossedLikewise) {
    constexpr u32 kBits = 20;
    TestMemory memory(kBits);
    PidOptions options = memory.options();
    options.harts = 4;
    CountedCells cells(options);
    const std::vector<u32> held = fill(cells);
    const u32 last = static_cast<u32>(held.size()) - 1;
    cells.release(held[last - 3000], 1);
    operations = 0;
    EXPECT_EQ(allocate(cells) % (u32{1} << kBits), held[last - 3000]);
    // 512 windows of 2048 cells: 8 words of hints, and the cells of two windows.
    EXPECT_LE(operations, 2 * 2048 + 50u);
    // As many cells in each window, all are known to be full, and none is given twice.
    EXPECT_EQ(cells.counters().live, cells.counters().capacity);
    EXPECT_EQ(cells.allocate(3, std::nullopt, 1, Nanos{1}).error(), Error::kNoProcs);
    EXPECT_FALSE(cells.lookup(held[0]).has_value()) << "held, but nobody's";
}

TEST(PidHints, ADropInAFullWindowMakesItWorthALookAgain) {
    TestMemory memory(16);
    CountedCells cells(memory.options());
    std::vector<u32> held = fill(cells);
    for (u32 turn = 0; turn < 50; ++turn) {
        const u32 victim = (turn * 9'111) % 65'535;
        cells.release(held[victim], 1);
        operations = 0;
        held[victim] = allocate(cells, turn % 3);
        ASSERT_EQ(held[victim] % 65'536, victim + 1);
        // The windows that three harts sit in are not hinted, and cost a look when they are entered
        // and one when they are left; not so the other 125.
        ASSERT_LE(operations, (2 * 3 + 1) * 512 + 100u) << "turn " << turn;
    }
}

/// Loses what would clear a hint: stands for the drop that looks at it just before it is set.
constinit bool hide_hints = false;
template <class T>
class BlindAtomic : public Atomic<T> {
public:
    using Atomic<T>::Atomic;
    T fetch_and(T bits, std::memory_order order) {
        // Hints are the only words whose bits are taken away relaxed.
        if (hide_hints && order == std::memory_order_relaxed) return 0;
        return Atomic<T>::fetch_and(bits, order);
    }
};
struct BlindAtomics {
    template <class T>
    using Atomic = BlindAtomic<T>;
    static constexpr std::memory_order kOrderByAddress = std::memory_order_acquire;
    static u64 zero_from(u64) { return 0; }
};

TEST(PidHints, AStaleHintHidesNoNumberForEver) {
    TestMemory memory(12);
    BasicPidCells<BlindAtomics> cells(memory.options());
    std::vector<u32> held = fill(cells);
    hide_hints = true;
    cells.release(held[1000], 1);  // its window stays hinted full
    EXPECT_EQ(allocate(cells) % 4096, 1001u) << "the last sweep finds it";
    cells.release(held[2000], 1);
    hide_hints = false;
    EXPECT_EQ(allocate(cells) % 4096, 2001u);
    // The last sweep took the hint back: the next number of that window is found at once.
    cells.release(held[2001], 1);
    EXPECT_EQ(allocate(cells) % 4096, 2002u);
    EXPECT_EQ(cells.counters().refused, 0u);
    EXPECT_FALSE(cells.lookup(held[0]).has_value()) << "held, but nobody's";
}

TEST(PidHints, AStaleHintHidesNoCellThatMustSitOut) {
    constexpr u32 kLow = 50;
    constexpr u32 kGenerations = 8;
    TestMemory memory(12);
    BasicPidCells<BlindAtomics> cells(memory.options(15));
    const std::vector<u32> held = fill(cells);
    u32 number = held[kLow - 1];
    ASSERT_EQ(number, kLow);
    while (number / 4096 != kGenerations - 1) {
        cells.release(number, 1);
        number = allocate(cells);
        ASSERT_EQ(number % 4096, kLow);
    }
    cells.release(held[3000], 1);
    EXPECT_EQ(allocate(cells) % 4096, held[3000]) << "the hart leaves the window of the low cell";
    hide_hints = true;
    cells.release(number, 1);  // its window stays hinted full, and its next number would be low
    hide_hints = false;
    EXPECT_EQ(allocate(cells), 4096 + kLow);
}

TEST(PidHints, AStaleHintDoesNotOutliveTheGate) {
    // So few generations that each lap is stamped: the gate closes before the last sweep begins.
    TestMemory memory(10);
    PidOptions options = memory.options(13);
    options.reuse_delay = nanos_from_seconds(10);
    BasicPidCells<BlindAtomics> cells(options);
    std::vector<u32> held = fill(cells);
    Nanos now = nanos_from_seconds(100);
    const auto allocate_when_it_opens = [&] {
        Result<u32> number = cells.allocate(0, std::nullopt, 1, now);
        for (u32 tries = 0; !number.ok() && tries < 20; ++tries) {
            EXPECT_EQ(number.error(), Error::kPidTooSoon);
            now = std::max(now, cells.opens_at());
            number = cells.allocate(0, std::nullopt, 1, now);
        }
        return number.ok() ? std::move(number).value() : 0;
    };
    // One number comes and goes at an even pace, until each lap waits for the one five before it.
    while (cells.counters().wraps < 20) {
        now = now + nanos_from_millis(1900);
        cells.release(held[900], 1);
        held[900] = allocate_when_it_opens();
        ASSERT_NE(held[900], 0u);
    }
    hide_hints = true;
    cells.release(held[100], 1);  // its window stays hinted full
    hide_hints = false;
    EXPECT_EQ(allocate_when_it_opens() % 1024, 101u);
}

}  // namespace
}  // namespace kernel::pid
