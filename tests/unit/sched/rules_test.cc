// What must not be done stops the machine: each rule of sleeping, locking and ending, broken once.
#include <gtest/gtest.h>

#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sync/spin_lock.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::sched {
namespace {

using sync::LockRank;

/// Runs `body` as a task of a machine of one hart, in a process that it is expected to end.
void in_machine(const std::function<void()>& body) { fixture::run({.harts = 1}, body); }

class SchedulerRulesDeathTest : public ::testing::Test {
protected:
    // The machine has threads of its own, so the process is started again rather than forked.
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SchedulerRulesDeathTest, SleepingUnderASpinLockPanics) {
    EXPECT_DEATH(in_machine([] {
                     sync::SpinLock<LockRank::kDeviceSpin> lock;
                     const sync::IrqSaveGuard guard(lock);
                     (void)sleep_for(nanos_from_millis(1));
                 }),
                 "may not sleep: interrupts off, 1 spin locks held");
}

TEST_F(SchedulerRulesDeathTest, SleepingWithInterruptsOffPanics) {
    EXPECT_DEATH(in_machine([] {
                     const machine::InterruptsOff off;
                     QLock lock(LockRank::kDevice);
                     const QLockGuard guard(lock);
                 }),
                 "may not sleep: interrupts off, 0 spin locks held");
}

TEST_F(SchedulerRulesDeathTest, ASecondSleeperPanics) {
    EXPECT_DEATH(in_machine([] {
                     Rendez rendez;
                     auto first = fixture::spawn(
                         [&] { sleep_uninterruptible(rendez, [] { return false; }); });
                     while (first.task().state() != TaskState::kWakeme) yield();
                     sleep_uninterruptible(rendez, [] { return false; });
                 }),
                 "sleeper_ == nullptr");
}

/// What the analysis would not compile.
void take_twice() NO_THREAD_SAFETY_ANALYSIS {
    QLock lock(LockRank::kDevice);
    const QLockGuard once(lock);
    const QLockGuard twice(lock);
}

TEST_F(SchedulerRulesDeathTest, TakingAQLockTwicePanics) {
    EXPECT_DEATH(in_machine(take_twice), "lock order");
}

TEST_F(SchedulerRulesDeathTest, SleepingLocksOutOfOrderPanic) {
    EXPECT_DEATH(in_machine([] {
                     QLock inner(LockRank::kAddressSpace);
                     RWLock outer(LockRank::kNamespace);
                     const QLockGuard first(inner);
                     const ReadGuard second(outer);
                 }),
                 "lock order: body takes a sleeping lock of rank");
}

TEST_F(SchedulerRulesDeathTest, EndingWithASleepingLockPanics) {
    EXPECT_DEATH(in_machine([] {
                     static constinit QLock lock(LockRank::kDevice);
                     auto task = fixture::spawn([] {
                         ASSERT_TRUE(lock.try_lock());
                         exit_current(nullptr);
                     });
                     task.join();
                 }),
                 "sleep_lock_count_ == 0");
}

TEST_F(SchedulerRulesDeathTest, AHeldQLockMustNotGo) {
    EXPECT_DEATH(in_machine([] {
                     QLock lock(LockRank::kDevice);
                     (void)lock.try_lock();
                 }),
                 "holder\\(\\) == nullptr");
}

TEST_F(SchedulerRulesDeathTest, ATaskThatRunsMustNotGo) {
    EXPECT_DEATH(in_machine([] { Task::current().~Task(); }), "kDead");
}

TEST_F(SchedulerRulesDeathTest, ATaskIsStartedOnce) {
    EXPECT_DEATH(in_machine([] { Task::current().start(); }), "state\\(\\) == TaskState::kNew");
}

}  // namespace
}  // namespace kernel::sched
