// The watchdog: a hart that hangs is named; idle and busy harts are left alone.
#include <gtest/gtest.h>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "sched/scheduler.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

constexpr Nanos kLimit = nanos_from_millis(300);

fixture::Options watched(u32 harts) {
    fixture::Options options{.harts = harts};
    options.scheduler.hang_limit = kLimit;
    return options;
}

TEST(WatchdogDeathTest, AHartThatSpinsWithInterruptsOffIsNamed) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(fixture::run(watched(2),
                              [] {
                                  auto hanging = fixture::spawn(
                                      [] {
                                          machine::disable_interrupts();
                                          for (;;) machine::relax();
                                      },
                                      {.name = "culprit", .harts = 2});
                                  hanging.join();
                              }),
                 "hart 1 .hardware 1. hangs: nothing seen of it for .* it runs culprit");
}

TEST(Watchdog, BusyAndIdleHartsAreNotHangs) {
    fixture::run(watched(3), [] {
        auto busy = fixture::spawn([] {
            const Nanos begun = machine::now();
            while (machine::now() - begun < kLimit + kLimit) machine::relax();
        });
        ASSERT_TRUE(sleep_for(kLimit + kLimit).ok());
        busy.join();
    });
}

}  // namespace
}  // namespace kernel::sched
