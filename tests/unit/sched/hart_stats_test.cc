// HartStats: counters count, and a sysstat row has its ten numbers in order.
#include "sched/hart_stats.h"

#include <gtest/gtest.h>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

TEST(HartStats, SwitchesAndInterruptsAreCounted) {
    fixture::run({.harts = 2}, [] {
        for (int i = 0; i < 3; ++i) ASSERT_TRUE(sleep_for(nanos_from_micros(100)).ok());
        u64 switches = 0;
        u64 interrupts = 0;
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            const SysstatRow row = sysstat_row(hart);
            EXPECT_EQ(row.hart, hart);
            switches += row.switches;
            interrupts += row.interrupts;
        }
        // Away and back, three times; a timer each time.
        EXPECT_GE(switches, 6u);
        EXPECT_GE(interrupts, 3u);
    });
}

TEST(HartStats, ARowBeginsWithTheHardwareId) {
    fixture::run({.harts = 2, .first_hart_id = 3}, [] {
        EXPECT_EQ(sysstat_row(0).hart, 3u);
        EXPECT_EQ(sysstat_row(1).hart, 4u);
    });
}

TEST(HartStats, UpperLayersCountTheirs) {
    fixture::run({.harts = 1}, [] {
        my_stats().syscalls.add();
        my_stats().syscalls.add();
        my_stats().page_faults.add(3);
        my_stats().tlb_faults.add(4);
        my_stats().tlb_purges.add(5);
        const SysstatRow row = sysstat_row(0);
        EXPECT_EQ(row.syscalls, 2u);
        EXPECT_EQ(row.page_faults, 3u);
        EXPECT_EQ(row.tlb_faults, 4u);
        EXPECT_EQ(row.tlb_purges, 5u);
    });
}

TEST(HartStats, AnIdleHartIsIdleAndABusyOneIsNot) {
    fixture::run({.harts = 2}, [] {
        Task::current().set_harts(1);
        (void)sysstat_row(0);
        (void)sysstat_row(1);
        const Nanos begun = machine::now();
        while (machine::now() - begun < nanos_from_millis(50)) machine::relax();
        // The first look was less than a second ago, so both rows are over the time since boot.
        const SysstatRow busy = sysstat_row(0);
        const SysstatRow idle = sysstat_row(1);
        for (const SysstatRow& row : {busy, idle}) {
            EXPECT_LE(row.idle_percent, 100u);
            EXPECT_LE(row.interrupt_percent, 100u);
        }
        // A hart that is a thread may wait for a processor when it is to go idle.
        if (fixture::is_simulated()) {
            EXPECT_LE(busy.idle_percent, 50u);
            EXPECT_LE(busy.interrupt_percent, 50u);
            EXPECT_GE(idle.idle_percent, 50u);
            EXPECT_EQ(idle.load, 0u);
        }
    });
}

}  // namespace
}  // namespace kernel::sched
