// Rendez under many schedules: no wake-up is lost, interrupts and deadlines end sleeps once.
#include "sched/rendez.h"

#include <gtest/gtest.h>

#include "base/atomic.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/timer.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

/// A value that one task passes to another.
class Mailbox {
public:
    void put(u32 value) {
        // [test.mail] release: pairs with acquire in holds().
        value_.store(value, std::memory_order_release);
        wakeup(rendez_);
    }
    Result<void> wait_for(u32 value) {
        return sleep(rendez_, [this, value] { return holds(value); });
    }
    bool holds(u32 value) const { return value_.load(std::memory_order_acquire) == value; }
    Rendez& rendez() { return rendez_; }

private:
    Atomic<u32> value_{0};
    Rendez rendez_;
};

TEST(RendezSchedules, PingPongLosesNoWakeUp) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Mailbox ping;
        Mailbox pong;
        constexpr u32 kRounds = 10;
        auto partner = fixture::spawn([&] {
            for (u32 round = 1; round <= kRounds; ++round) {
                ASSERT_TRUE(ping.wait_for(round).ok());
                pong.put(round);
            }
        });
        for (u32 round = 1; round <= kRounds; ++round) {
            ping.put(round);
            ASSERT_TRUE(pong.wait_for(round).ok());
        }
        partner.join();
    });
}

TEST(RendezSchedules, ManyPairsShareTheHarts) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        constexpr u32 kPairs = 3;
        std::array<Mailbox, kPairs> boxes;
        fixture::in_parallel(2 * kPairs, [&boxes](u32 i) {
            if (i % 2 == 0) {
                ASSERT_TRUE(boxes[i / 2].wait_for(7).ok());
            } else {
                boxes[i / 2].put(7);
            }
        });
    });
}

TEST(RendezSchedules, AnInterruptEndsASleepAndStaysPending) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Mailbox never;
        Atomic<u32> interrupted{0};
        auto sleeper = fixture::spawn([&] {
            const Result<void> slept = never.wait_for(1);
            ASSERT_FALSE(slept.ok());
            EXPECT_EQ(slept.error(), Error::kInterrupted);
            EXPECT_TRUE(Task::current().interrupt_pending());
            // Until it is cleared, no interruptible sleep begins.
            EXPECT_FALSE(never.wait_for(1).ok());
            Task::current().clear_interrupt();
            interrupted.store(1, std::memory_order_release);
            EXPECT_TRUE(never.wait_for(2).ok());
        });
        sleeper.task().interrupt();
        while (interrupted.load(std::memory_order_acquire) == 0) yield();
        never.put(2);
        sleeper.join();
    });
}

TEST(RendezSchedules, AnInterruptDoesNotEndAnUninterruptibleSleep) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Mailbox box;
        auto sleeper = fixture::spawn([&] {
            sleep_uninterruptible(box.rendez(), [&] { return box.holds(1); });
            EXPECT_TRUE(box.holds(1));
            EXPECT_TRUE(Task::current().interrupt_pending());
        });
        sleeper.task().interrupt();
        yield();
        box.put(1);
        sleeper.join();
    });
}

TEST(RendezSchedules, WakeUpAndInterruptAtOnceEndOneSleep) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Mailbox box;
        auto sleeper = fixture::spawn([&] {
            const Result<void> slept = box.wait_for(1);
            EXPECT_TRUE(slept.ok() || slept.error() == Error::kInterrupted);
            Task::current().clear_interrupt();
            // Nothing of the race is left over: a further sleep lasts until its own wake-up.
            sleep_uninterruptible(box.rendez(), [&] { return box.holds(2); });
            EXPECT_TRUE(box.holds(2));
        });
        auto waker = fixture::spawn([&] { box.put(1); });
        sleeper.task().interrupt();
        waker.join();
        box.put(2);
        sleeper.join();
    });
}

TEST(RendezSchedules, ADeadlineEndsASleepNotBeforeItsTime) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Mailbox never;
        const Nanos deadline = machine::now() + nanos_from_micros(300);
        const Result<bool> held =
            sleep_until(never.rendez(), deadline, [&] { return never.holds(1); });
        ASSERT_TRUE(held.ok());
        EXPECT_FALSE(held.value());
        EXPECT_GE(machine::now(), deadline);
    });
}

TEST(RendezSchedules, WakeUpAndDeadlineAtOnceEndOneSleep) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        Mailbox box;
        const Nanos deadline = machine::now() + nanos_from_micros(20);
        auto waker = fixture::spawn([&] {
            while (machine::now() < deadline) machine::relax();
            box.put(1);
        });
        Result<bool> held = sleep_until(box.rendez(), deadline, [&] { return box.holds(1); });
        ASSERT_TRUE(held.ok());
        if (!held.value()) {
            EXPECT_GE(machine::now(), deadline);
        }
        waker.join();
        // The timer is gone: this sleep has no deadline and needs its own wake-up.
        auto second = fixture::spawn([&] { box.put(2); });
        EXPECT_TRUE(box.wait_for(2).ok());
        second.join();
    });
}

TEST(RendezSchedules, AnInterruptHandlerWakesASleeper) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Mailbox box;
        Timer timer([](Timer&, void* mailbox) { static_cast<Mailbox*>(mailbox)->put(1); }, &box);
        timer.arm(machine::now() + nanos_from_micros(5));
        EXPECT_TRUE(box.wait_for(1).ok());
        timer.cancel();
    });
}

TEST(RendezSchedules, ManySleepForDifferentTimes) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        fixture::in_parallel(4, [](u32 i) {
            const Nanos begun = machine::now();
            const Nanos time = nanos_from_micros(50 * (i + 1));
            ASSERT_TRUE(sleep_for(time).ok());
            EXPECT_GE(machine::now() - begun, time);
        });
    });
}

TEST(RendezSchedules, TheStateAndTheReasonAreShownWhileItSleeps) {
    fixture::run_seeds({.harts = 2}, 200, [] {
        Mailbox box;
        auto sleeper = fixture::spawn([&] {
            const WaitReason reason("Pread");
            EXPECT_TRUE(
                sleep(box.rendez(), [&] { return box.holds(1); }, TaskState::kStopped).ok());
        });
        const Task& task = sleeper.task();
        while (task.state() != TaskState::kStopped) yield();
        EXPECT_EQ(task.wait_reason(), "Pread");
        box.put(1);
        sleeper.join();
    });
}

}  // namespace
}  // namespace kernel::sched
