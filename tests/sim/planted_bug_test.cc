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

TEST(PlantedLostWakeUp, IsFoundAndItsSeedReplays) {
    const std::optional<u64> seed =
        fixture::run_seeds({.harts = 2}, 1000, sleep_and_be_woken, fixture::Trouble::kIsExpected);
    ASSERT_TRUE(seed.has_value()) << "no seed lost the wake-up";
    for (int again = 0; again < 3; ++again) {
        const fixture::Outcome outcome = fixture::run(
            {.harts = 2, .seed = *seed}, sleep_and_be_woken, fixture::Trouble::kIsExpected);
        EXPECT_EQ(outcome.end, fixture::End::kStandstill);
        // The report says who waits.
        EXPECT_NE(outcome.report.find("body: Wakeme"), std::string::npos) << outcome.report;
        EXPECT_NE(outcome.report.find("seed " + std::to_string(*seed)), std::string::npos)
            << outcome.report;
    }
}

}  // namespace
}  // namespace kernel::sched
