// Held locks: order violations stop the machine and name both sides.
#include "sync/held_locks.h"

#include <gtest/gtest.h>

#include "base/panic.h"
#include "sync/spin_lock.h"
#include "tests/unit/show_panics.h"

namespace kernel::sync {
namespace {

constinit SpinLock<LockRank::kPages> pages;
constinit SpinLock<LockRank::kSlab> slab;
constinit SpinLock<LockRank::kTask> task;
constinit SpinLock<LockRank::kTask> other_task;

TEST(HeldLocks, DepthFollowsTheGuards) {
    EXPECT_EQ(held_spin_locks(), 0u);
    {
        const IrqSaveGuard outer(slab);
        EXPECT_EQ(held_spin_locks(), 1u);
        {
            const IrqsOffGuard inner(pages);
            EXPECT_EQ(held_spin_locks(), 2u);
        }
        EXPECT_EQ(held_spin_locks(), 1u);
    }
    EXPECT_EQ(held_spin_locks(), 0u);
}

TEST(HeldLocks, LocksMayBeReleasedInAnyOrder) {
    IrqSaveGuard outer(slab);
    IrqsOffGuard middle(pages);
    IrqsOffGuard inner(task);
    middle.unlock();
    EXPECT_EQ(held_spin_locks(), 2u);
    inner.unlock();
    outer.unlock();
    EXPECT_EQ(held_spin_locks(), 0u);
}

TEST(HeldLocks, ArePrintedForPanics) {
    const IrqSaveGuard outer(slab);
    const IrqsOffGuard inner(pages);
    std::array<char, 256> buffer;
    BufferSink sink(buffer);
    print_held_locks(sink);
    const std::string text(sink.text());
    EXPECT_TRUE(text.starts_with("hart 0 holds 2 spin locks:")) << text;
    EXPECT_NE(text.find("rank " + std::to_string(static_cast<int>(LockRank::kPages))),
              std::string::npos)
        << text;
}

// The checks of order are compiled into debug builds only.
class HeldLocksDeathTest : public ::testing::Test {
protected:
    void SetUp() override { kernel::testing::show_panics(); }
};

TEST_F(HeldLocksDeathTest, ALowerRankUnderAHigherOnePanics) {
    EXPECT_DEATH(
        {
            const IrqSaveGuard inner(pages);
            const IrqsOffGuard outer(slab);
        },
        "lock order");
}

TEST_F(HeldLocksDeathTest, TheSameRankTwicePanics) {
    EXPECT_DEATH(
        {
            const IrqSaveGuard one(task);
            const IrqsOffGuard two(other_task);
        },
        "lock order");
}

/// What the analysis would not compile.
void take_twice() NO_THREAD_SAFETY_ANALYSIS {
    const IrqSaveGuard once(task);
    const IrqsOffGuard twice(task);
}

TEST_F(HeldLocksDeathTest, TheSameLockTwicePanics) { EXPECT_DEATH(take_twice(), "and again at"); }

TEST_F(HeldLocksDeathTest, AnIrqsOffGuardWithInterruptsOnPanics) {
    EXPECT_DEATH(
        {
            machine::enable_interrupts();
            const IrqsOffGuard guard(task);
        },
        "interrupts_enabled");
}

}  // namespace
}  // namespace kernel::sync
