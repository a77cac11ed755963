// The simulator finds a lost wake-up that was put there, and its seed finds it again.
#include <gtest/gtest.h>

#include "base/atomic.h"
#include "machine/interrupts.h"
#include "sched/waits.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

/// A Rendez as one writes it first: it looks at the condition, then goes to sleep. Whoever makes
/// the condition true between the two finds nobody to wake.
class LossyRendez {
public:
    template <class Predicate>
    void sleep(Predicate ready) {
        Task& self = Task::current();
        while (!ready()) {
            const machine::InterruptsOff off;
            (void)detail::Waits::begin(self, TaskState::kWakeme, detail::Interruptible::kNo);
            {
                const sync::IrqsOffGuard guard(lock_);
                sleeper_ = &self;
            }
            detail::Waits::block();
            const sync::IrqsOffGuard guard(lock_);
            sleeper_ = nullptr;
        }
    }
    void wakeup() {
        const sync::IrqSaveGuard guard(lock_);
        if (sleeper_ != nullptr) detail::Waits::wake(*sleeper_);
    }

private:
    sync::SpinLock<sync::LockRank::kRendez> lock_;
    Task* sleeper_ GUARDED_BY(lock_) = nullptr;
};

void sleep_and_be_woken() {
    static constinit Atomic<u32> ready{0};
    ready.store(0, std::memory_order_seq_cst);
    LossyRendez rendez;
    auto waker = fixture::spawn([&] {
        ready.store(1, std::memory_order_seq_cst);
        rendez.wakeup();
    });
    rendez.sleep([&] { return ready.load(std::memory_order_seq_cst) != 0; });
    waker.join();
}

fixture::Outcome run_seed(u64 seed) {
    return fixture::run({.harts = 2, .seed = seed}, sleep_and_be_woken,
                        fixture::Trouble::kIsExpected);
}

TEST(PlantedLostWakeUp, IsFoundAndItsSeedReplays) {
    // However many seeds others are asked to run: this bug is within so few.
    constexpr u64 kSeeds = 1000;
    u64 seed = 1;
    while (seed <= kSeeds && run_seed(seed).end == fixture::End::kPoweredOff) ++seed;
    ASSERT_LE(seed, kSeeds) << "no seed lost the wake-up";
    const fixture::Outcome first = run_seed(seed);
    for (int again = 0; again < 3; ++again) {
        const fixture::Outcome outcome = run_seed(seed);
        EXPECT_EQ(outcome.end, fixture::End::kStandstill);
        EXPECT_EQ(outcome.trace, first.trace);
        EXPECT_EQ(outcome.steps, first.steps);
        EXPECT_EQ(outcome.report, first.report);
        // The report says who waits.
        EXPECT_NE(outcome.report.find("body: Wakeme"), std::string::npos) << outcome.report;
        EXPECT_NE(outcome.report.find("seed " + std::to_string(seed)), std::string::npos)
            << outcome.report;
    }
}

}  // namespace
}  // namespace kernel::sched
