// Tasks: making, discarding, observing, and the accounts of the one that runs.
#include "sched/task.h"

#include <gtest/gtest.h>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "sched/scheduler.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/fixture/stacks.h"

namespace kernel::sched {
namespace {

TEST(Task, StartsDeadAndMayBeDiscardedBeforeItRuns) {
    fixture::run({.harts = 1}, [] {
        const Bytes stack = fixture::take_stack();
        int owner = 7;
        Task task;
        EXPECT_EQ(task.state(), TaskState::kDead);
        task.init({.name = "never", .stack = stack, .entry = [](void*) {}, .owner = &owner});
        EXPECT_EQ(task.state(), TaskState::kNew);
        EXPECT_EQ(task.name(), "never");
        EXPECT_EQ(task.owner<int>(), &owner);
        EXPECT_EQ(task.priority(), kNormalPriority);
        EXPECT_EQ(task.harts(), kAllHarts);
        EXPECT_FALSE(task.on_hart());
        task.discard();
        EXPECT_EQ(task.state(), TaskState::kDead);
        fixture::give_stack(stack);
    });
}

TEST(Task, NamesAreCutToTheirRoom) {
    fixture::run({.harts = 1}, [] {
        const Bytes stack = fixture::take_stack();
        Task task;
        task.init({.name = "a name that is longer than any task's may be",
                   .stack = stack,
                   .entry = [](void*) {}});
        EXPECT_EQ(task.name(), "a name that is longer than ");
        EXPECT_EQ(task.name().size(), kTaskNameMax - 1);
        task.discard();
        fixture::give_stack(stack);
    });
}

TEST(Task, CurrentIsTheRunningOne) {
    fixture::run({.harts = 1}, [] {
        EXPECT_EQ(Task::current().name(), "body");
        EXPECT_EQ(Task::current().state(), TaskState::kRunning);
        EXPECT_TRUE(Task::current().on_hart());
        EXPECT_EQ(running_on(0), &Task::current());
        auto other =
            fixture::spawn([] { EXPECT_EQ(Task::current().name(), "other"); }, {.name = "other"});
        other.join();
    });
}

TEST(Task, PrioritiesCanBeSetAndFixed) {
    fixture::run({.harts = 1}, [] {
        Task& self = Task::current();
        self.set_priority(13, true);
        EXPECT_EQ(self.base_priority(), 13);
        EXPECT_EQ(self.priority(), 13);
        EXPECT_TRUE(self.fixed_priority());
        self.set_priority(5, false);
        EXPECT_EQ(self.base_priority(), 5);
        EXPECT_FALSE(self.fixed_priority());
    });
}

TEST(Task, AQueuedTaskMovesWhenItsPriorityChanges) {
    fixture::run({.harts = 1}, [] {
        std::string order;
        std::vector<fixture::Spawned> tasks;
        {
            const machine::InterruptsOff off;
            tasks.push_back(fixture::spawn([&] { order += 'a'; }));
            tasks.push_back(fixture::spawn([&] { order += 'b'; }));
            tasks[1].task().set_priority(15, false);
        }
        for (auto& task : tasks) task.join();
        EXPECT_EQ(order, "ba");
    });
}

TEST(Task, WaitReasonsNest) {
    fixture::run({.harts = 1}, [] {
        Task& self = Task::current();
        EXPECT_EQ(self.wait_reason(), "");
        {
            const WaitReason outer("Open");
            EXPECT_EQ(self.wait_reason(), "Open");
            {
                const WaitReason inner("Fault");
                EXPECT_EQ(self.wait_reason(), "Fault");
            }
            EXPECT_EQ(self.wait_reason(), "Open");
        }
        EXPECT_EQ(self.wait_reason(), "");
    });
}

TEST(Task, TheInterruptFlagStaysUntilItIsCleared) {
    fixture::run({.harts = 1}, [] {
        Task& self = Task::current();
        EXPECT_FALSE(self.interrupt());
        EXPECT_TRUE(self.interrupt_pending());
        EXPECT_EQ(sleep_for(nanos_from_millis(1)).error(), Error::kInterrupted);
        EXPECT_TRUE(self.interrupt_pending());
        self.clear_interrupt();
        EXPECT_TRUE(sleep_for(nanos_from_micros(10)).ok());
    });
}

TEST(Task, ErrorDetailIsItsOwn) {
    fixture::run({.harts = 1}, [] {
        Task::current().error_detail().assign("'/proc/17'");
        auto other = fixture::spawn([] { EXPECT_TRUE(Task::current().error_detail().empty()); });
        other.join();
        EXPECT_EQ(Task::current().error_detail().view(), "'/proc/17'");
    });
}

TEST(Task, TimesGrowWhileItRuns) {
    fixture::run({.harts = 1}, [] {
        const Nanos begun = machine::now();
        while (machine::now() - begun < nanos_from_millis(3)) machine::relax();
        yield();
        const TaskTimes times = Task::current().times();
        EXPECT_GE(times.system, nanos_from_millis(2));
        EXPECT_EQ(times.user, Nanos{});
        EXPECT_GE(Task::current().switches(), 1u);
    });
}

TEST(Task, HartsOfTheMachineAreItsFirstBits) {
    fixture::run({.harts = 3}, [] { EXPECT_EQ(machine_harts(), 0b111u); });
}

}  // namespace
}  // namespace kernel::sched
