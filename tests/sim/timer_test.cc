// Timers under many schedules: once, not early, not after cancel() has returned.
#include "sched/timer.h"

#include <gtest/gtest.h>

#include <memory>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/completion.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

/// Counts its calls.
struct Bell {
    Atomic<u32> rings{0};
    Atomic<u64> rang_at{0};
    Timer timer{[](Timer&, void* self) { static_cast<Bell*>(self)->ring(); }, this};

    void ring() {
        rang_at.store(machine::now().value, std::memory_order_seq_cst);
        rings.fetch_add(1, std::memory_order_seq_cst);
    }
    u32 count() const { return rings.load(std::memory_order_seq_cst); }
};

TEST(TimerSchedules, RingsOnceAndNotEarly) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        Bell bell;
        const Nanos when = machine::now() + nanos_from_micros(30);
        bell.timer.arm(when);
        ASSERT_TRUE(sleep_for(nanos_from_millis(5)).ok());
        EXPECT_EQ(bell.count(), 1u);
        EXPECT_GE(bell.rang_at.load(std::memory_order_seq_cst), when.value);
        EXPECT_FALSE(bell.timer.armed());
        EXPECT_FALSE(bell.timer.cancel());
    });
}

TEST(TimerSchedules, AfterCancelItNeitherRunsNorWillRun) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        auto bell = std::make_unique<Bell>();
        bell->timer.arm(machine::now() + nanos_from_micros(2));
        // Cancelled by another task, usually on another hart, at about the time it rings.
        auto canceller = fixture::spawn([&] {
            const bool was_armed = bell->timer.cancel();
            EXPECT_EQ(bell->count(), was_armed ? 0u : 1u);
            bell.reset();  // under AddressSanitizer a function that still runs is found
        });
        canceller.join();
    });
}

TEST(TimerSchedules, CancelReachesATimerOfAnotherHart) {
    fixture::run_seeds({.harts = 2}, 500, [] {
        Bell bell;
        auto armer = fixture::spawn(
            [&] { bell.timer.arm(machine::now() + nanos_from_seconds(1000)); }, {.harts = 1});
        armer.join();
        auto canceller = fixture::spawn([&] { EXPECT_TRUE(bell.timer.cancel()); }, {.harts = 2});
        canceller.join();
        EXPECT_EQ(bell.count(), 0u);
    });
}

TEST(TimerSchedules, EqualTimesRingInTheOrderOfArming) {
    fixture::run_seeds({.harts = 1}, 300, [] {
        struct Ordered {
            Atomic<u32>* next = nullptr;
            u32 mine = 0;
            u32 seen = 0;
            Timer timer{[](Timer&, void* self) {
                            auto* one = static_cast<Ordered*>(self);
                            one->seen = one->next->fetch_add(1, std::memory_order_seq_cst);
                        },
                        this};
        };
        Atomic<u32> next{0};
        std::array<Ordered, 5> all;
        const Nanos when = machine::now() + nanos_from_micros(50);
        for (u32 i = 0; i < all.size(); ++i) {
            all[i].next = &next;
            all[i].mine = i;
            all[i].timer.arm(when);
        }
        ASSERT_TRUE(sleep_for(nanos_from_millis(5)).ok());
        for (const Ordered& one : all) EXPECT_EQ(one.seen, one.mine);
    });
}

TEST(TimerSchedules, AFunctionMayArmItsTimerAgain) {
    fixture::run_seeds({.harts = 2}, 500, [] {
        struct Metronome {
            Atomic<u32> beats{0};
            Completion done;
            Timer timer{[](Timer& fired, void* self) {
                            auto* one = static_cast<Metronome*>(self);
                            if (one->beats.fetch_add(1, std::memory_order_seq_cst) + 1 == 5) {
                                one->done.complete();
                            } else {
                                fired.arm(machine::now() + nanos_from_micros(10));
                            }
                        },
                        this};
        };
        Metronome metronome;
        metronome.timer.arm(machine::now() + nanos_from_micros(10));
        metronome.done.wait_uninterruptible();
        metronome.timer.cancel();
        EXPECT_EQ(metronome.beats.load(std::memory_order_seq_cst), 5u);
    });
}

}  // namespace
}  // namespace kernel::sched
