// Real time under many schedules: who has a share gets it, no more, and in time.
#include "sched/real_time.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sched/scheduler.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/sim/test_tasks.h"

namespace kernel::sched {
namespace {

using tests::comes_within;
using tests::Hog;
using tests::stay_for;

constexpr Nanos kMilli = nanos_from_millis(1);

/// As a program, which rests when its time is used up.
void run_for(Nanos time) {
    const Nanos begun = machine::now();
    while (machine::now() - begun < time) {
        rest_if_spent();
        machine::relax();
    }
}

Nanos used(Task& task) {
    const TaskTimes times = task.times();
    return times.user + times.system;
}

RealTimeNeeds millis(u64 period, u64 cost) {
    return {.period = nanos_from_millis(period), .cost = nanos_from_millis(cost)};
}

/// Before spawned tasks of the usual priority, with those of the highest by turns.
void be_among_the_best() { Task::current().set_priority(kMaxPriority, true); }

TEST(RealTimeSchedules, DeadlinesAreMetBesideHogs) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        be_among_the_best();
        Hog first({.priority = 19});
        Hog second({.priority = 19});
        auto worker = fixture::spawn(
            [] {
                ASSERT_TRUE(admit(Task::current(), millis(10, 3)).ok());
                const Nanos begun = machine::now();
                for (u64 period = 1; period <= 10; ++period) {
                    run_for(nanos_from_millis(2));
                    if (fixture::is_simulated()) {
                        EXPECT_LT(machine::now() - begun, nanos_from_millis(10 * period));
                    }
                    yield();  // until the next period
                }
                expel(Task::current());
            },
            {.priority = 19});
        worker.join();
        first.end();
        second.end();
    });
}

TEST(RealTimeSchedules, NobodyHasMoreThanItsCost) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        Hog hog({});
        ASSERT_TRUE(admit(hog.task(), millis(10, 2)).ok());
        while (!waits_for_period(hog.task())) ASSERT_TRUE(sleep_for(kMilli).ok());
        const Nanos before = used(hog.task());
        ASSERT_TRUE(sleep_for(nanos_from_millis(100)).ok());
        const Nanos time = used(hog.task()) - before;
        if (fixture::is_simulated()) {
            // Ten periods or eleven, at the end of each of which the clock may come late.
            EXPECT_GE(time, nanos_from_millis(18));
            EXPECT_LE(time, nanos_from_millis(11 * 3));
        }
        hog.end();
    });
}

TEST(RealTimeSchedules, ExtraHasWhatNobodyElseWants) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        RealTimeNeeds needs = millis(10, 2);
        needs.extra = true;
        be_among_the_best();
        Hog extra({});
        ASSERT_TRUE(admit(extra.task(), needs).ok());
        Hog other({.priority = 5, .fixed_priority = true});
        const Nanos before = used(extra.task());
        ASSERT_TRUE(sleep_for(nanos_from_millis(100)).ok());
        if (fixture::is_simulated()) {
            EXPECT_GE(used(extra.task()) - before, nanos_from_millis(95));
            EXPECT_LE(used(other.task()), nanos_from_millis(5));
        }
        extra.end();
        other.end();
    });
}

TEST(RealTimeSchedules, TheEarlierDeadlineRunsFirst) {
    fixture::run_seeds({.harts = 1}, 50, [] {
        be_among_the_best();
        std::vector<u32> order;
        std::vector<fixture::Spawned> tasks;
        {
            const machine::InterruptsOff off;
            for (const u32 period : {40, 20, 30}) {
                tasks.push_back(fixture::spawn([&order, period] {
                    run_for(kMilli);
                    order.push_back(period);
                    expel(Task::current());
                }));
            }
        }
        const u32 periods[] = {40, 20, 30};
        // Nobody runs before all have their shares: the body is better than they are without.
        ASSERT_TRUE(admit(Task::current(), millis(10, 3)).ok());
        for (usize i = 0; i < tasks.size(); ++i)
            ASSERT_TRUE(admit(tasks[i].task(), millis(periods[i], 5)).ok());
        expel(Task::current());
        for (auto& task : tasks) task.join();
        if (fixture::is_simulated()) {
            EXPECT_EQ(order, (std::vector<u32>{20, 30, 40}));
        }
    });
}

TEST(RealTimeSchedules, AnEarlierDeadlinePreemptsALater) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        Hog later({});
        ASSERT_TRUE(admit(later.task(), millis(100, 50)).ok());
        Atomic<u64> longest{0};
        auto earlier = fixture::spawn([&] {
            ASSERT_TRUE(admit(Task::current(), millis(10, 2)).ok());
            for (u32 period = 0; period < 5; ++period) {
                const Nanos wanted = machine::now() + nanos_from_millis(11);
                ASSERT_TRUE(sleep_for(nanos_from_millis(11)).ok());
                const u64 late = (machine::now() - wanted).value;
                if (late > longest.load(std::memory_order_seq_cst))
                    longest.store(late, std::memory_order_seq_cst);
            }
            expel(Task::current());
        });
        earlier.join();
        if (fixture::is_simulated()) {
            EXPECT_LT(longest.load(std::memory_order_seq_cst), 2 * kMilli.value);
        }
        later.end();
    });
}

TEST(RealTimeSchedules, ASporadicPeriodBeginsWhenThereIsSomethingToDo) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        for (const bool sporadic : {false, true}) {
            auto task = fixture::spawn([=] {
                RealTimeNeeds needs = millis(20, 6);
                needs.sporadic = sporadic;
                const Nanos admitted = machine::now();
                ASSERT_TRUE(admit(Task::current(), needs).ok());
                // To the middle of the second period.
                ASSERT_TRUE(sleep_for(nanos_from_millis(30) - (machine::now() - admitted)).ok());
                const Nanos begun = machine::now();
                run_for(nanos_from_millis(8));
                const Nanos took = machine::now() - begun;
                if (fixture::is_simulated()) {
                    if (sporadic) {
                        // 6 ms, and the rest 20 ms after it began.
                        EXPECT_GE(took, nanos_from_millis(19));
                    } else {
                        // Half of 6 ms, and the rest when the third period begins 10 ms later.
                        EXPECT_LE(took, nanos_from_millis(17));
                    }
                }
                expel(Task::current());
            });
            task.join();
        }
    });
}

TEST(RealTimeSchedules, WhoHoldsALockGoesOn) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        QLock lock{sync::LockRank::kDevice};
        Atomic<u32> holds{0};
        Atomic<u64> held_for{0};
        auto holder = fixture::spawn([&] {
            ASSERT_TRUE(admit(Task::current(), millis(50, 2)).ok());
            const QLockGuard guard(lock);
            holds.store(1, std::memory_order_seq_cst);
            const Nanos begun = machine::now();
            stay_for(nanos_from_millis(6));
            held_for.store((machine::now() - begun).value, std::memory_order_seq_cst);
        });
        while (holds.load(std::memory_order_seq_cst) == 0)
            ASSERT_TRUE(sleep_for(nanos_from_micros(100)).ok());
        {
            const QLockGuard guard(lock);
            if (fixture::is_simulated()) {
                EXPECT_LT(held_for.load(std::memory_order_seq_cst), nanos_from_millis(12).value);
            }
        }
        expel(holder.task());
        holder.join();
    });
}

TEST(RealTimeSchedules, WhoIsHandedALockAfterItsDeadlineGoesOn) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        QLock lock{sync::LockRank::kDevice};
        Atomic<u32> has_it{0};
        auto held = std::make_unique<QLockGuard>(lock);
        auto waiter = fixture::spawn([&] {
            ASSERT_TRUE(admit(Task::current(), {.period = nanos_from_millis(100'000),
                                                .deadline = nanos_from_millis(5),
                                                .cost = kMilli})
                            .ok());
            {
                const QLockGuard guard(lock);
                has_it.store(1, std::memory_order_seq_cst);
            }
            expel(Task::current());
        });
        ASSERT_TRUE(sleep_for(nanos_from_millis(20)).ok());
        const Nanos released = machine::now();
        held.reset();
        waiter.join();
        EXPECT_EQ(has_it.load(std::memory_order_seq_cst), 1u);
        if (fixture::is_simulated()) {
            EXPECT_LT(machine::now() - released, nanos_from_millis(1000));
        }
    });
}

TEST(RealTimeSchedules, ManyAreQueuedForSeconds) {
    // Also when the hart looks once a second at what all who wait have used.
    fixture::run_seeds({.harts = 1}, 5, [] {
        Hog a({}), b({}), c({});
        ASSERT_TRUE(admit(a.task(), millis(10, 2)).ok());
        ASSERT_TRUE(admit(b.task(), millis(20, 5)).ok());
        ASSERT_TRUE(admit(c.task(), millis(30, 8)).ok());
        ASSERT_TRUE(sleep_for(nanos_from_millis(2500)).ok());
        for (Hog* hog : {&a, &b, &c}) hog->end();
    });
}

TEST(RealTimeSchedules, WhoHasSleptTakesNoTimeOfOthers) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        auto sleeper = fixture::spawn([] {
            ASSERT_TRUE(admit(Task::current(), millis(100, 40)).ok());
            for (u32 period = 0; period < 3; ++period) {
                ASSERT_TRUE(sleep_for(nanos_from_millis(51)).ok());
                run_for(nanos_from_millis(30));
            }
            expel(Task::current());
        });
        auto worker = fixture::spawn([] {
            ASSERT_TRUE(admit(Task::current(),
                              {.period = nanos_from_millis(10), .cost = nanos_from_micros(4500)})
                            .ok());
            const Nanos begun = machine::now();
            for (u64 period = 1; period <= 30; ++period) {
                run_for(nanos_from_micros(3400));
                if (fixture::is_simulated()) {
                    EXPECT_LT(machine::now() - begun, nanos_from_millis(10 * period));
                }
                yield();
            }
            expel(Task::current());
        });
        sleeper.join();
        worker.join();
    });
}

TEST(RealTimeSchedules, WhoYieldsWaitsForItsPeriodAlsoWithExtra) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        auto task = fixture::spawn([] {
            RealTimeNeeds needs = millis(10, 2);
            needs.extra = true;
            // Before its first period, which it may be late in: harts may be threads.
            const Nanos begun = machine::now();
            ASSERT_TRUE(admit(Task::current(), needs).ok());
            for (u32 period = 0; period < 5; ++period) yield();
            EXPECT_GE(machine::now() - begun, nanos_from_millis(50));
            expel(Task::current());
        });
        task.join();
    });
}

/// More than a hart takes to look anew, less than the shares below.
constexpr Nanos kAtOnce = nanos_from_millis(500);

TEST(RealTimeSchedules, WhoGetsAShareWhileAHartTakesItGoesToItsOwnHart) {
    fixture::run_seeds({.harts = 2}, 2000, [] {
        // Taken by the other hart, which was idle, just now or in a moment.
        Hog hog({});
        const Nanos begun = machine::now();
        ASSERT_TRUE(admit(hog.task(), millis(2000, 1000)).ok());
        Task::current().set_harts(machine_harts() & ~hog.task().harts());
        if (fixture::is_simulated()) {
            EXPECT_LT(machine::now() - begun, kAtOnce);
        }
        hog.end();
    });
}

/// Sleeps until it has no deadline to meet any more, so that who wakes it, on another hart, lets
/// its next period begin.
class OverSleeper {
public:
    /// `body` runs when it is woken; its period is 5 ms.
    OverSleeper(bool sporadic, std::function<void()> body)
        : task_(fixture::spawn(
              [this, sporadic, body = std::move(body)] {
                  ASSERT_TRUE(admit(Task::current(), {.period = nanos_from_millis(5),
                                                      .deadline = nanos_from_millis(2),
                                                      .cost = kMilli,
                                                      .sporadic = sporadic})
                                  .ok());
                  sleep_uninterruptible(
                      rendez_, [this] { return called_.load(std::memory_order_seq_cst) != 0; });
                  body();
                  expel(Task::current());
              },
              {.harts = 2})),
          waker_(fixture::spawn(
              [this] {
                  while (task_.task().state() != TaskState::kWakeme) machine::relax();
                  stay_for(nanos_from_micros(2500));
                  called_.store(1, std::memory_order_seq_cst);
                  wakeup(rendez_);
                  stay_for(nanos_from_millis(5));
              },
              {.harts = 1})) {}
    void end() {
        task_.join();
        waker_.join();
    }

private:
    Rendez rendez_;
    Atomic<u32> called_{0};
    fixture::Spawned task_;
    fixture::Spawned waker_;
};

TEST(RealTimeSchedules, NobodyTouchesATaskThatEndedAsItsPeriodBegan) {
    // AddressSanitizer sees it: the task is gone as soon as join() returns.
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Task::current().set_harts(2);
        OverSleeper late(false, [] {
            while (Task::current().priority() != kRealTimePriority) machine::relax();
        });
        late.end();
    });
}

TEST(RealTimeSchedules, WhoNeedNotWaitAfterAllGetsItsPeriod) {
    fixture::run_seeds({.harts = 2}, 200, [] {
        Task::current().set_harts(2);
        OverSleeper late(true, [] {
            while (Task::current().priority() == kRealTimePriority) machine::relax();
            // Most of the time it seems to wait: also when the timer looks.
            EXPECT_TRUE(comes_within(nanos_from_millis(20), [] {
                u32 looks = 0;
                Rendez never;
                sleep_uninterruptible(never, [&] { return ++looks > 1; });
                return Task::current().priority() == kRealTimePriority;
            }));
        });
        late.end();
    });
}

TEST(RealTimeSchedules, WhoEndsWaitsForNoPeriodEitherWhenItYields) {
    fixture::run_seeds({.harts = 1}, 20, [] {
        enum : u32 { kBegins, kHasAShare, kEnds, kYielded };
        Atomic<u32> stage{kBegins};
        auto task = fixture::spawn([&] {
            ASSERT_TRUE(admit(Task::current(), millis(200'000, 100'000)).ok());
            stage.store(kHasAShare, std::memory_order_seq_cst);
            while (stage.load(std::memory_order_seq_cst) == kHasAShare) {
                ASSERT_TRUE(sleep_for(kMilli).ok());
            }
            yield();
            stage.store(kYielded, std::memory_order_seq_cst);
            expel(Task::current());
        });
        while (stage.load(std::memory_order_seq_cst) == kBegins) {
            ASSERT_TRUE(sleep_for(kMilli).ok());
        }
        wait_no_more(task.task());
        set_flags(task.task(), {.sporadic = true});  // takes nothing of that back
        stage.store(kEnds, std::memory_order_seq_cst);
        const Nanos begun = machine::now();
        task.join();
        EXPECT_LT(machine::now() - begun, nanos_from_seconds(100));
    });
}

TEST(RealTimeSchedules, WhoIsExpelledGivesItsEqualsATurn) {
    fixture::run_seeds({.harts = 2}, 10, [] {
        Hog longest({});
        ASSERT_TRUE(admit(longest.task(), millis(1'000'000, 500'000)).ok());
        const HartSet hart = longest.task().harts();
        // The body on the other one, and an equal on the same.
        Task::current().set_harts(machine_harts() & ~hart);
        Hog equal({.harts = hart});
        ASSERT_TRUE(sleep_for(nanos_from_millis(50)).ok());
        const u64 before = equal.runs();
        expel(longest.task());
        longest.task().set_harts(hart);
        u32 looks = 0;
        while (equal.runs() == before && ++looks < 100) {
            ASSERT_TRUE(sleep_for(nanos_from_millis(50)).ok());
        }
        EXPECT_LT(looks, 100u);
        longest.end();
        equal.end();
    });
}

TEST(RealTimeSchedules, HartsAreFilledUpAndEmptied) {
    fixture::run_seeds({.harts = 2}, 200, [] {
        Hog a({}), b({}), c({});
        ASSERT_TRUE(admit(a.task(), millis(10, 6)).ok());
        EXPECT_EQ(admit(a.task(), millis(10, 6)).error(), Error::kTaskState);
        ASSERT_TRUE(admit(b.task(), millis(10, 6)).ok());
        EXPECT_NE(a.task().harts(), b.task().harts());
        EXPECT_EQ(admit(c.task(), millis(10, 6)).error(), Error::kNotSchedulable);
        ASSERT_TRUE(admit(c.task(), millis(10, 3)).ok());
        expel(c.task());
        expel(a.task());
        expel(a.task());  // has none any more: nothing happens
        EXPECT_EQ(a.task().harts(), kAllHarts);
        EXPECT_EQ(a.task().priority(), kNormalPriority);
        ASSERT_TRUE(admit(c.task(), millis(10, 6)).ok());
        // Only where it may run.
        a.task().set_harts(b.task().harts());
        EXPECT_EQ(admit(a.task(), millis(10, 6)).error(), Error::kNotSchedulable);
        for (Hog* hog : {&a, &b, &c}) hog->end();
    });
}

TEST(RealTimeSchedules, ImpossibleNeedsAreNamed) {
    fixture::run({.harts = 1}, [] {
        Task& self = Task::current();
        const Nanos ms = kMilli;
        EXPECT_EQ(admit(self, {}).error(), Error::kNoPeriod);
        EXPECT_EQ(admit(self, {.period = ms}).error(), Error::kNoCost);
        EXPECT_EQ(admit(self, {.period = ms, .deadline = ms + ms, .cost = ms}).error(),
                  Error::kLateDeadline);
        EXPECT_EQ(admit(self, {.period = ms + ms, .deadline = ms, .cost = ms + ms}).error(),
                  Error::kEarlyDeadline);
        EXPECT_EQ(admit(self, {.period = ms, .cost = ms}).error(), Error::kNotSchedulable);
        const Nanos micro = nanos_from_micros(1);
        EXPECT_EQ(admit(self, {.period = ms, .cost = micro}).error(), Error::kNotSchedulable)
            << "too short to tell";
        EXPECT_EQ(
            admit(self, {.period = nanos_from_micros(50), .cost = nanos_from_micros(20)}).error(),
            Error::kNotSchedulable);
        EXPECT_FALSE(is_admitted(self));
    });
}

TEST(RealTimeSchedules, ThereIsRoomForSoMany) {
    fixture::run({.harts = 2}, [] {
        std::vector<fixture::Spawned> tasks;
        Atomic<u32> stop{0};
        for (usize i = 0; i <= kRealTimeTasksMax; ++i) {
            tasks.push_back(fixture::spawn([&] {
                while (stop.load(std::memory_order_seq_cst) == 0)
                    ASSERT_TRUE(sleep_for(kMilli).ok());
            }));
        }
        for (usize i = 0; i < kRealTimeTasksMax; ++i)
            ASSERT_TRUE(admit(tasks[i].task(), millis(1000, 1)).ok());
        EXPECT_EQ(admit(tasks[kRealTimeTasksMax].task(), millis(1000, 1)).error(),
                  Error::kNotSchedulable);
        for (auto& task : tasks) expel(task.task());
        stop.store(1, std::memory_order_seq_cst);
        for (auto& task : tasks) task.join();
    });
}

TEST(RealTimeSchedules, WhoWaitsForItsPeriodGoesOnWhenExpelled) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        Atomic<u32> runs{0};
        Atomic<u32> stop{0};
        auto task = fixture::spawn([&] {
            while (stop.load(std::memory_order_seq_cst) == 0) {
                runs.fetch_add(1, std::memory_order_seq_cst);
                rest_if_spent();
                machine::relax();
            }
        });
        ASSERT_TRUE(admit(task.task(), {.period = nanos_from_millis(10'000), .cost = kMilli}).ok());
        while (!waits_for_period(task.task())) ASSERT_TRUE(sleep_for(nanos_from_micros(300)).ok());
        const u32 before = runs.load(std::memory_order_seq_cst);
        ASSERT_TRUE(sleep_for(kMilli).ok());
        EXPECT_EQ(runs.load(std::memory_order_seq_cst), before);
        expel(task.task());
        while (runs.load(std::memory_order_seq_cst) == before)
            ASSERT_TRUE(sleep_for(nanos_from_micros(300)).ok());
        EXPECT_FALSE(waits_for_period(task.task()));
        stop.store(1, std::memory_order_seq_cst);
        task.join();
    });
}

TEST(RealTimeSchedules, WhoEndsWaitsForNoPeriod) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        Atomic<u32> stop{0};
        auto task = fixture::spawn([&] {
            while (stop.load(std::memory_order_seq_cst) == 0) {
                rest_if_spent();
                machine::relax();
            }
            for (u32 turn = 0; turn < 1000; ++turn) rest_if_spent();  // nor later
            expel(Task::current());
        });
        const Nanos begun = machine::now();
        ASSERT_TRUE(
            admit(task.task(), {.period = nanos_from_millis(100'000), .cost = kMilli}).ok());
        if (fixture::seed() % 2 == 0) {
            while (!waits_for_period(task.task())) {
                ASSERT_TRUE(sleep_for(nanos_from_micros(300)).ok());
            }
        }
        stop.store(1, std::memory_order_seq_cst);
        wait_no_more(task.task());
        task.join();
        if (fixture::is_simulated()) {
            EXPECT_LT(machine::now() - begun, nanos_from_millis(1000));
        }
    });
}

TEST(RealTimeSchedules, ManyComeAndGo) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Atomic<u32> ended{0};
        std::vector<fixture::Spawned> tasks;
        for (u32 i = 0; i < 4; ++i) {
            tasks.push_back(fixture::spawn([&, i] {
                std::mt19937_64 random(fixture::seed() * 16 + i);
                for (u32 round = 0; round < 12; ++round) {
                    rest_if_spent();
                    switch (random() % 5) {
                        case 0:
                            yield();
                            break;
                        case 1:
                            ASSERT_TRUE(sleep_for(nanos_from_micros(random() % 200)).ok());
                            break;
                        case 2:
                            run_for(nanos_from_micros(random() % 100));
                            break;
                        case 3:
                            Task::current().set_priority(static_cast<Priority>(random() % 20),
                                                         random() % 2 == 0);
                            break;
                        default:
                            Task::current().set_harts(HartSet{1} << random() % 3 | 1);
                            break;
                    }
                }
                ended.fetch_add(1, std::memory_order_seq_cst);
            }));
        }
        std::mt19937_64 random(fixture::seed());
        while (ended.load(std::memory_order_seq_cst) < 4) {
            Task& task = tasks[random() % 4].task();
            if (random() % 8 == 0) {
                wait_no_more(task);
            } else if (random() % 2 == 0) {
                RealTimeNeeds needs{.period = nanos_from_micros(100 + random() % 300)};
                needs.cost = Nanos{20'000 + random() % (needs.period.value / 2)};
                needs.sporadic = random() % 2 == 0;
                needs.extra = random() % 4 == 0;
                (void)admit(task, needs);  // ignored: it may be no, which is as good
            } else {
                expel(task);
            }
            ASSERT_TRUE(sleep_for(nanos_from_micros(random() % 50)).ok());
        }
        for (auto& task : tasks) {
            expel(task.task());
            task.join();
        }
    });
}

}  // namespace
}  // namespace kernel::sched
