// Scenarios of the Pid hash: tables that are full, or seem so, and the hints that say it.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

/// A full table: an allocation fails, unless it comes after a drop; and it does not fail for ever.
template <u32 kThreads>
struct FullTable : World {
    FullTable() {
        hold_all();
        give(1, 4);
        // Somebody has been told before.
        check(!allocate(3).ok(), "setup holds all numbers");
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 1) release(1, 4);
        const Result<u32> number = allocate(thread);
        check(number.ok() || number.error() == Error::kNoProcs, "all numbers are in use");
        got_[thread] = number.ok() ? 1 : 0;
    }
    void finish() override {
        World::finish();
        check(got_[0] + got_[1] + got_[2] == 1, "one gets the number that there is");
    }

private:
    std::array<u32, 3> got_{};
};

/// T0 finds its window full and leaves it, while T1 frees a number there: the hint that T0 sets may
/// be stale. It is not believed for ever.
struct StaleHint : World {
    StaleHint() {
        hold_all();
        give(1, 7);
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 1) return release(1, 7);
        got_ = allocate(0).ok();
    }
    void finish() override {
        if (!got_) check(allocate(0).value() == next_of(7), "the only number there is");
        World::finish();
    }

private:
    bool got_ = false;
};

/// Who asks a full table looks through it once, and once it is known as full moves nothing.
struct FullTableStays : World {
    FullTableStays() {
        hold_all();
        find_all_held();
        // In the first lap low cells are not looked at, in the next the setup takes its cell.
        check(cells_.counters().wraps == 2, "one lap more finds it full");
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { check(!allocate(thread).ok(), "all numbers are in use"); }
    void finish() override {
        World::finish();
        check(laps() == 0, "failing does not drive the cursor round");
    }
};

/// A table that was full, and hinted so, is like any other as soon as a number is freed: who
/// allocates then finds it in the first lap, and does not search the table before.
struct FreedIsFound : World {
    FreedIsFound() {
        hold_all();
        give(0, 6);
        find_all_held();
    }
    u32 threads() const override { return 1; }
    void run(u32) override {
        release(0, 6);
        steps_ = 0;
        const u32 number = allocate(0).value();
        check(number == next_of(6), "the only number there is");
        // Two for low numbers and being full, four for the cursor and its stamp, one for how far
        // the table is filled, a look at each cell but 0, three for the claim, two for statistics.
        check(steps_ <= 12 + kCells - 1, "nothing is searched but the block");
        release(0, number);
        check(allocate(0).value() == next_of(number), "the only number there is");
    }
    void watch() override {
        World::watch();
        ++steps_;
    }
    void finish() override {
        World::finish();
        check(laps() == 2, "a window with a free number is not passed over");
    }

private:
    u32 steps_ = 0;
};

/// Of a full table, two drop the same number: the last of them opens the window, whoever it is.
struct LastDropOpens : World {
    LastDropOpens() {
        hold_all();
        give(0, 7);
        give(1, 7);
        cells_.bind(7, 1);
        find_all_held();
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { thread == 0 ? release(0, 7) : exit(1, 7, 1); }
    void finish() override {
        check(allocate(0).value() == next_of(7), "the only number there is");
        check(laps() == 1, "a window with a free number is not passed over");
        World::finish();
    }
};

/// Both windows are full but for one number in the first. The second is passed over, to the end of
/// the lap and no further: that is the next lap's.
struct HintedWindow : BigWorld {
    HintedWindow() {
        hold_all();
        while (cells_.allocate(3, std::nullopt, 1, Nanos{}).ok()) {
        }
        free({1});
        accounted_ = false;
    }
    u32 threads() const override { return 1; }
    void run(u32) override {
        for (u32 lap = 0; lap < 4; ++lap) {
            const u32 number = allocate(0).value();
            check(number % kCells == 1, "the only number there is");
            release(0, number);
        }
    }
};

constexpr std::array kScenarios{
    make<FullTable<2>>("full table", 2),
    make<FullTable<3>>("full table, three ask", 3, 0, std::nullopt, 1),
    make<StaleHint>("a stale hint", 2),
    make<FullTableStays>("a full table stays as it is", 2),
    make<FreedIsFound>("a freed number is found at once", 1),
    make<LastDropOpens>("last drop opens a full window", 2),
    make<HintedWindow>("a hinted window is passed over", 1),
};

}  // namespace

std::span<const Scenario> full_scenarios() { return kScenarios; }

}  // namespace model::pid
