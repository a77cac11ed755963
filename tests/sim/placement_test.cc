// Who is ready runs at once where it may, if something worse runs there or nothing: whatever
// changes while it is queued, and whoever is queued beside it.
#include <gtest/gtest.h>

#include "machine/clock.h"
#include "sched/rendez.h"
#include "sched/scheduler.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/sim/test_tasks.h"

namespace kernel::sched {
namespace {

using tests::comes_within;
using tests::dither;
using tests::Hog;
using tests::Sleeper;
using tests::stay_for;

/// Less than a quantum, more than an interrupt.
constexpr Nanos kAtOnce = nanos_from_millis(50);

constexpr HartSet kBody = 1;  // where the test's body is, out of the way

/// Calls `sleeper` from another hart, at about the time when this returns.
class Caller {
public:
    Caller(Sleeper& sleeper, HartSet harts)
        : task_(fixture::spawn(
              [this, &sleeper] {
                  begun_.store(1, std::memory_order_seq_cst);
                  dither(30);
                  sleeper.call();
                  // Its hart stays busy, and looks for nobody's work.
                  while (stop_.load(std::memory_order_seq_cst) == 0) machine::relax();
              },
              {.harts = harts})) {
        while (begun_.load(std::memory_order_seq_cst) == 0) machine::relax();
    }
    void end() {
        stop_.store(1, std::memory_order_seq_cst);
        task_.join();
    }

private:
    Atomic<u32> begun_{0};
    Atomic<u32> stop_{0};
    fixture::Spawned task_;
};

TEST(PlacementSchedules, WhoIsRaisedWhileItIsWokenPreempts) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Task::current().set_harts(kBody);
        Sleeper raised({.priority = 5, .fixed_priority = true, .harts = 0b010});
        Hog hog({.priority = 10, .fixed_priority = true, .harts = 0b010});
        hog.wait_for_it();
        Caller caller(raised, 0b100);
        raised.task().set_priority(15, true);
        EXPECT_TRUE(comes_within(kAtOnce, [&] { return raised.ran(); }));
        caller.end();
        hog.end();
        raised.end();
    });
}

TEST(PlacementSchedules, WhoMayRunOnAnIdleHartAsItIsWokenDoes) {
    fixture::run_seeds({.harts = 4}, 1000, [] {
        Task::current().set_harts(kBody);
        Sleeper freed({.priority = 5, .fixed_priority = true, .harts = 0b0010});
        Hog hog({.priority = 10, .fixed_priority = true, .harts = 0b0010});
        hog.wait_for_it();
        Caller caller(freed, 0b0100);
        freed.task().set_harts(0b1010);
        EXPECT_TRUE(comes_within(kAtOnce, [&] { return freed.ran(); }));
        caller.end();
        hog.end();
        freed.end();
    });
}

TEST(PlacementSchedules, WhoIsOvertakenOnItsWayToAnIdleHartGoesToAnother) {
    fixture::run_seeds({.harts = 3}, 500, [] {
        Task::current().set_harts(kBody);
        stay_for(nanos_from_millis(1));  // until the others are idle
        Hog either({.harts = 0b110});
        Hog best({.priority = 19, .fixed_priority = true, .harts = 0b010});
        EXPECT_TRUE(comes_within(kAtOnce, [&] { return either.runs() != 0; }));
        best.end();
        either.end();
    });
}

TEST(PlacementSchedules, WhoComesAsAnIdleHartTakesItsBetterGoesToAnother) {
    fixture::run_seeds({.harts = 3}, 2000, [] {
        Task::current().set_harts(kBody);
        stay_for(nanos_from_millis(1));
        Hog best({.priority = 19, .fixed_priority = true, .harts = 0b010});
        dither(60);
        Hog either({.harts = 0b110});
        EXPECT_TRUE(comes_within(kAtOnce, [&] { return either.runs() != 0; }));
        best.end();
        either.end();
    });
}

TEST(PlacementSchedules, WhoIsLoweredGivesWayToWhoIsWokenLater) {
    fixture::run_seeds({.harts = 2}, 200, [] {
        Task::current().set_harts(kBody);
        Sleeper sleeper({.priority = 10, .fixed_priority = true, .harts = 0b10});
        Hog lowered({.priority = 15, .fixed_priority = true, .harts = 0b10});
        lowered.wait_for_it();
        lowered.task().set_priority(5, true);
        stay_for(nanos_from_millis(5));
        sleeper.call();
        EXPECT_TRUE(comes_within(kAtOnce, [&] { return sleeper.ran(); }));
        lowered.end();
        sleeper.end();
    });
}

TEST(PlacementSchedules, NobodyStarvesBehindItsBetterWhileWorseRunsElsewhere) {
    fixture::run_seeds({.harts = 2, .simulation = {.step_limit = 2'000'000'000}}, 3, [] {
        Task::current().set_priority(18, true);
        Task::current().set_harts(kBody);
        Sleeper sleeper({.harts = 0b10});
        Hog best({.priority = 15, .fixed_priority = true, .harts = 0b10});
        Hog worse({.priority = 5, .fixed_priority = true, .harts = 0b01});
        sleeper.task().set_harts(0b11);  // it ran on that of the best
        sleeper.call();
        const u32 looks = fixture::is_simulated() ? 50 : 600;
        for (u32 look = 0; look < looks && !sleeper.ran(); ++look) {
            ASSERT_TRUE(sleep_for(nanos_from_millis(100)).ok());
        }
        EXPECT_TRUE(sleeper.ran());
        best.end();
        worse.end();
        sleeper.end();
    });
}

}  // namespace
}  // namespace kernel::sched
