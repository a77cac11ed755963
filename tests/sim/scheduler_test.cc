// The scheduler under many schedules: who runs where and when, and how tasks end.
#include "sched/scheduler.h"

#include <gtest/gtest.h>

#include <vector>

#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "sched/completion.h"
#include "sched/hart_stats.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/fixture/stacks.h"
#include "tests/sim/shared_counter.h"

namespace kernel::sched {
namespace {

machine::HartIndex my_hart() {
    const machine::InterruptsOff off;
    return machine::hart_index();
}

TEST(SchedulerSchedules, EveryTaskRunsToItsEnd) {
    fixture::run_seeds({.harts = 4}, 1000, [] {
        Atomic<u32> ended{0};
        fixture::in_parallel(8, [&](u32 i) {
            for (u32 round = 0; round < i; ++round) yield();
            ended.fetch_add(1, std::memory_order_seq_cst);
        });
        EXPECT_EQ(ended.load(std::memory_order_seq_cst), 8u);
    });
}

TEST(SchedulerSchedules, AWiredTaskRunsOnItsHartOnly) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        fixture::in_parallel(3,
                             [](u32) {
                                 for (int round = 0; round < 5; ++round) {
                                     EXPECT_EQ(my_hart(), 2u);
                                     if (round % 2 == 0) {
                                         yield();
                                     } else {
                                         ASSERT_TRUE(sleep_for(nanos_from_micros(1)).ok());
                                     }
                                 }
                             },
                             {.harts = HartSet{1} << 2});
    });
}

TEST(SchedulerSchedules, ATaskMovesWhenItsHartsChange) {
    fixture::run_seeds({.harts = 3}, 200, [] {
        Task::current().set_harts(HartSet{1} << 1);
        EXPECT_EQ(my_hart(), 1u);
        // A running or ready one, and a sleeping one.
        Atomic<u32> stop{0};
        auto spinner = fixture::spawn(
            [&] {
                while (stop.load(std::memory_order_seq_cst) == 0) machine::relax();
                EXPECT_EQ(my_hart(), 0u);
            },
            {.harts = HartSet{1} << 2});
        Rendez rendez;
        Atomic<u32> ready{0};
        auto sleeper = fixture::spawn(
            [&] {
                sleep_uninterruptible(rendez,
                                      [&] { return ready.load(std::memory_order_seq_cst) != 0; });
                EXPECT_EQ(my_hart(), 0u);
            },
            {.harts = HartSet{1} << 2});
        spinner.task().set_harts(1);
        // A running one would move at its next interrupt only, perhaps after it has looked.
        while (sleeper.task().state() != TaskState::kWakeme || sleeper.task().on_hart()) yield();
        sleeper.task().set_harts(1);
        ready.store(1, std::memory_order_seq_cst);
        wakeup(rendez);
        // The running one moves at its next interrupt, which set_harts() has sent.
        while (spinner.task().hart() != 0 || !spinner.task().on_hart()) yield();
        stop.store(1, std::memory_order_seq_cst);
        spinner.join();
        sleeper.join();
    });
}

TEST(SchedulerSchedules, TheBetterTaskRunsFirst) {
    fixture::run_seeds({.harts = 1}, 500, [] {
        std::vector<u32> order;
        std::vector<fixture::Spawned> tasks;
        {
            // With interrupts off nobody preempts, so all are queued before the first runs.
            const machine::InterruptsOff off;
            for (const u32 priority : {3, 9, 6}) {
                tasks.push_back(fixture::spawn([&order, priority] { order.push_back(priority); },
                                               {.priority = static_cast<Priority>(priority)}));
            }
        }
        for (auto& task : tasks) task.join();
        EXPECT_EQ(order, (std::vector<u32>{9, 6, 3}));
    });
}

TEST(SchedulerSchedules, AWokenBetterTaskPreemptsTheRunningOne) {
    fixture::run_seeds({.harts = 1}, 500, [] {
        Atomic<u32> ran{0};
        Rendez rendez;
        Atomic<u32> ready{0};
        auto better = fixture::spawn(
            [&] {
                sleep_uninterruptible(rendez,
                                      [&] { return ready.load(std::memory_order_seq_cst) != 0; });
                ran.store(1, std::memory_order_seq_cst);
            },
            {.priority = 15});
        while (better.task().state() != TaskState::kWakeme) yield();
        ready.store(1, std::memory_order_seq_cst);
        wakeup(rendez);
        // Not a word about giving way: the wake-up has sent this hart an interrupt.
        while (ran.load(std::memory_order_seq_cst) == 0) machine::relax();
        better.join();
    });
}

TEST(SchedulerSchedules, AQuantumEndsForASpinningTask) {
    fixture::run_seeds({.harts = 1}, 30, [] {
        Atomic<u32> stop{0};
        auto spinner = fixture::spawn([&] {
            while (stop.load(std::memory_order_seq_cst) == 0) machine::relax();
        });
        // The body spins too; without preemption one of the two would never run. A quantum of its
        // own and one of the other's pass until it sees that.
        const Nanos begun = machine::now();
        while (spinner.task().switches() == 0) machine::relax();
        if (fixture::is_simulated()) {
            EXPECT_LT(machine::now() - begun, Nanos{3 * kQuantum.value});
        }
        stop.store(1, std::memory_order_seq_cst);
        spinner.join();
    });
}

TEST(SchedulerSchedules, SpinningTasksSpreadOverTheHarts) {
    fixture::run_seeds({.harts = 3}, 300, [] {
        // Each waits for all to run at once, which takes a hart each.
        Atomic<u32> running{0};
        fixture::in_parallel(3, [&](u32) {
            running.fetch_add(1, std::memory_order_seq_cst);
            while (running.load(std::memory_order_seq_cst) < 3) machine::relax();
        });
    });
}

TEST(SchedulerSchedules, ATaskUsesUpPriorityAndGetsItBack) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        auto hog = fixture::spawn([] {
            const Nanos begun = machine::now();
            while (machine::now() - begun < nanos_from_millis(500)) machine::relax();
        });
        auto fixed = fixture::spawn(
            [] {
                const Nanos begun = machine::now();
                while (machine::now() - begun < nanos_from_millis(100)) machine::relax();
                EXPECT_EQ(Task::current().priority(), 8);
            },
            {.priority = 8, .fixed_priority = true});
        ASSERT_TRUE(sleep_for(nanos_from_millis(400)).ok());
        EXPECT_LT(hog.task().priority(), kNormalPriority);
        EXPECT_EQ(hog.task().base_priority(), kNormalPriority);
        hog.join();
        fixed.join();
    });
}

TEST(SchedulerSchedules, ReapRunsWhenNobodyUsesTheStack) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        struct Mortal : Task {
            Completion reaped;
        };
        Mortal mortal;
        const Bytes stack = fixture::take_stack();
        mortal.init({.name = "mortal", .stack = stack, .entry = [](void*) {
                         exit_current([](Task& task) {
                             EXPECT_EQ(task.state(), TaskState::kDead);
                             EXPECT_FALSE(task.on_hart());
                             EXPECT_NE(&task, &Task::current());
                             static_cast<Mortal&>(task).reaped.complete();
                         });
                     }});
        mortal.start();
        mortal.reaped.wait_uninterruptible();
        // The stack is nobody's: whoever still ran on it would notice.
        std::fill(stack.begin(), stack.end(), std::byte{0xa5});
        fixture::give_stack(stack);
    });
}

TEST(SchedulerSchedules, ATaskCanBeMadeAgainAfterItsEnd) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        struct Phoenix : Task {
            Atomic<u32> lives{0};
            Atomic<u32> dead{0};
        };
        Phoenix phoenix;
        const Bytes stack = fixture::take_stack();
        for (u32 life = 1; life <= 3; ++life) {
            phoenix.dead.store(0, std::memory_order_seq_cst);
            phoenix.init(
                {.name = "phoenix",
                 .stack = stack,
                 .entry =
                     [](void* self) {
                         static_cast<Phoenix*>(self)->lives.fetch_add(1, std::memory_order_seq_cst);
                         exit_current([](Task& task) {
                             static_cast<Phoenix&>(task).dead.store(1, std::memory_order_seq_cst);
                         });
                     },
                 .argument = &phoenix});
            phoenix.start();
            while (phoenix.dead.load(std::memory_order_seq_cst) == 0) yield();
            EXPECT_EQ(phoenix.lives.load(std::memory_order_seq_cst), life);
        }
        fixture::give_stack(stack);
    });
}

TEST(SchedulerSchedules, TheSwitchHookSeesEverySwitch) {
    static Atomic<u64> switches{0};
    switches.store(0, std::memory_order_seq_cst);
    fixture::Options options{.harts = 2};
    options.scheduler.switching = [](Task& from, Task& to) {
        EXPECT_NE(&from, &to);
        EXPECT_FALSE(machine::interrupts_enabled());
        switches.fetch_add(1, std::memory_order_seq_cst);
    };
    fixture::run_seeds(options, 100, [] {
        fixture::in_parallel(3, [](u32) { yield(); });
        // While no other hart runs anything, the numbers stand still.
        const machine::InterruptsOff off;
        u64 counted = 0;
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            counted += hart_stats(hart).switches.read();
        }
        EXPECT_GT(counted, 3u);
        EXPECT_GT(switches.load(std::memory_order_seq_cst), 3u);
    });
}

TEST(SchedulerSchedules, TimeIsChargedToWhoRan) {
    fixture::run_seeds({.harts = 1}, 50, [] {
        auto busy = fixture::spawn([] {
            const Nanos begun = machine::now();
            while (machine::now() - begun < nanos_from_millis(20)) machine::relax();
            {
                const machine::InterruptsOff off;
                Task::current().charge_user();
            }
            const Nanos in_user = machine::now();
            while (machine::now() - in_user < nanos_from_millis(10)) machine::relax();
            const machine::InterruptsOff off;
            Task::current().charge_system();
        });
        while (busy.task().state() != TaskState::kDead) {
            ASSERT_TRUE(sleep_for(nanos_from_millis(10)).ok());
        }
        const TaskTimes times = busy.task().times();
        EXPECT_GE(times.user, nanos_from_millis(10));
        EXPECT_GE(times.system, nanos_from_millis(15));
        if (fixture::is_simulated()) {
            EXPECT_LT(Task::current().times().system, nanos_from_millis(15));
        }
        busy.join();
    });
}

}  // namespace
}  // namespace kernel::sched
