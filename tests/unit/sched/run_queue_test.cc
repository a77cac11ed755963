// A run queue by itself: whom it takes, and in which order it gives them back.
#include "sched/run_queue.h"

#include <gtest/gtest.h>

#include <string>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/fixture/stacks.h"

namespace kernel::sched::detail {
namespace {

/// A task that never runs.
class Idler {
public:
    Idler(const char* name, Priority priority, HartSet harts) {
        task_.init({.name = name,
                    .stack = stack_,
                    .entry = [](void*) {},
                    .priority = priority,
                    .harts = harts});
    }
    ~Idler() {
        task_.discard();
        fixture::give_stack(stack_);
    }
    Idler(const Idler&) = delete;
    Idler& operator=(const Idler&) = delete;
    Task& task() { return task_; }

private:
    Bytes stack_ = fixture::take_stack();
    Task task_;
};

/// The names of all, as they are taken.
std::string drain(RunQueue& queue) {
    std::string names;
    while (Task* task = queue.take(0, kNothingRuns, kNeverDue)) names += task->name();
    return names;
}

TEST(RunQueue, GivesTheBestFirstAndEqualsInTurn) {
    fixture::run({.harts = 2}, [] {
        Idler a("a", 5, kAllHarts), b("b", 9, kAllHarts), c("c", 5, kAllHarts);
        const machine::InterruptsOff off;
        RunQueue queue(1);
        for (Idler* one : {&a, &b, &c}) EXPECT_TRUE(queue.push(one->task()));
        EXPECT_EQ(queue.ready(), 3u);
        EXPECT_EQ(queue.best(), 9);
        EXPECT_EQ(drain(queue), "bac");
        EXPECT_EQ(queue.ready(), 0u);
        EXPECT_EQ(queue.best(), kNothingRuns);
    });
}

TEST(RunQueue, TakesNobodyWhoMayNotRunThere) {
    // Whoever chose this queue did so before the task's harts changed.
    fixture::run({.harts = 2}, [] {
        Idler elsewhere("e", 5, 1), here("h", 5, 2);
        const machine::InterruptsOff off;
        RunQueue queue(1);
        EXPECT_FALSE(queue.push(elsewhere.task()));
        EXPECT_EQ(queue.ready(), 0u);
        EXPECT_FALSE(queue.remove(elsewhere.task()));
        const std::optional<RunQueue::Pushed> pushed = queue.push(here.task());
        ASSERT_TRUE(pushed);
        EXPECT_EQ(pushed->level, 5);
        EXPECT_EQ(pushed->harts, 2u);
        EXPECT_EQ(pushed->running, kNothingRuns);
        EXPECT_EQ(drain(queue), "h");
    });
}

TEST(RunQueue, KeepsTheOrderOfWhoseRankStays) {
    fixture::run({.harts = 1}, [] {
        Idler a("a", 5, kAllHarts), b("b", 5, kAllHarts), c("c", 9, kAllHarts);
        const machine::InterruptsOff off;
        RunQueue queue(0);
        for (Idler* one : {&a, &b, &c}) EXPECT_TRUE(queue.push(one->task()));
        queue.reprioritize(machine::now(), 0);
        EXPECT_EQ(queue.ready(), 3u);
        EXPECT_TRUE(queue.remove(a.task()));
        EXPECT_FALSE(queue.remove(a.task()));
        EXPECT_EQ(drain(queue), "cb");
    });
}

TEST(RunQueue, NamesAnIdleHartForEachOfThoseWhoWait) {
    fixture::run({.harts = 1}, [] {
        Idler a("a", 5, 0b0111), b("b", 9, 0b0111), c("c", 9, 0b0001);
        const machine::InterruptsOff off;
        RunQueue queue(0);
        EXPECT_EQ(queue.thieves(0b1110), 0u);
        for (Idler* one : {&a, &b, &c}) EXPECT_TRUE(queue.push(one->task()));
        EXPECT_EQ(queue.thieves(0b1110), 0u) << "the hart itself looks";
        queue.set_running(10, kNeverDue);
        EXPECT_EQ(queue.thieves(0b1110), 0b0110u);
        EXPECT_EQ(queue.thieves(0b0100), 0b0100u);
        EXPECT_EQ(queue.thieves(0b1000), 0u) << "nobody may run there";
        EXPECT_EQ(queue.ready(), 3u);
        EXPECT_EQ(drain(queue), "bca");
    });
}

TEST(RunQueue, GivesAwayWhoStarves) {
    fixture::run({.harts = 1}, [] {
        Idler a("a", 5, 0b11), b("b", 9, 0b01), c("c", 9, 0b11);
        const machine::InterruptsOff off;
        RunQueue queue(0);
        for (Idler* one : {&a, &b, &c}) EXPECT_TRUE(queue.push(one->task()));
        queue.set_running(9, kNeverDue);
        EXPECT_EQ(queue.steal_who_starves(1, 6), nullptr) << "has turns here";
        queue.set_running(10, kNeverDue);
        EXPECT_EQ(queue.steal_who_starves(1, 10), nullptr) << "would have none there";
        EXPECT_EQ(queue.steal_who_starves(1, 9), &c.task());
        EXPECT_EQ(queue.steal_who_starves(1, 9), nullptr) << "may not run there";
        EXPECT_EQ(queue.steal_who_starves(1, 5), &a.task()) << "starves too";
        EXPECT_EQ(drain(queue), "b");
    });
}

}  // namespace
}  // namespace kernel::sched::detail
