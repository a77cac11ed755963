// Spin locks on a bare machine: one hart at a time, and interrupts as the guard's policy says.
#include "sync/spin_lock.h"

#include <gtest/gtest.h>

#include "machine/interrupts.h"
#include "tests/host/upcalls/bare.h"
#include "tests/sim/shared_counter.h"

namespace kernel::sync {
namespace {

using Lock = SpinLock<LockRank::kPages>;

/// All harts run `body`; the machine ends when all have.
void on_all_harts(u32 harts, u64 seed, const std::function<void()>& body) {
    Atomic<u32> finished{0};
    host::run_bare({.harts = harts, .seed = seed},
                   {.boot =
                        [&] {
                            machine::start_other_harts();
                            body();
                            while (finished.load(std::memory_order_acquire) != harts - 1) {
                                machine::relax();
                            }
                        },
                    .other =
                        [&] {
                            body();
                            finished.fetch_add(1, std::memory_order_release);
                        }});
}

TEST(SpinLock, OneHartAtATimeAndNoIncrementIsLost) {
    for (u64 seed = 1; seed <= 100; ++seed) {
        Lock lock;
        tests::SharedCounter counter;
        tests::Occupancy inside;
        constexpr u32 kHarts = 4;
        constexpr u32 kRounds = 10;
        on_all_harts(kHarts, seed, [&] {
            for (u32 round = 0; round < kRounds; ++round) {
                const IrqsOffGuard guard(lock);
                EXPECT_EQ(inside.enter(), 1u);
                EXPECT_TRUE(lock.held_here());
                counter.bump();
                inside.leave();
            }
        });
        ASSERT_EQ(counter.read(), kHarts * kRounds) << "seed " << seed;
    }
}

TEST(SpinLock, SaveGuardTurnsInterruptsOffAndBackOn) {
    host::run_bare({.harts = 1}, {.boot = [] {
                       Lock lock;
                       machine::enable_interrupts();
                       {
                           const IrqSaveGuard guard(lock);
                           EXPECT_FALSE(machine::interrupts_enabled());
                       }
                       EXPECT_TRUE(machine::interrupts_enabled());
                       machine::disable_interrupts();
                       {
                           const IrqSaveGuard guard(lock);
                           EXPECT_FALSE(machine::interrupts_enabled());
                       }
                       EXPECT_FALSE(machine::interrupts_enabled());
                   }});
}

TEST(SpinLock, EarlyUnlockReleasesOnce) {
    Lock lock;
    IrqSaveGuard guard(lock);
    EXPECT_TRUE(lock.held_here());
    guard.unlock();
    EXPECT_FALSE(lock.held_here());
    const IrqSaveGuard again(lock);
    lock.assert_held();
}

TEST(SpinLock, AnInterruptComesWhenTheLockIsReleased) {
    static u32 rings = 0;
    rings = 0;
    host::run_bare({.harts = 1}, {.boot =
                                      [] {
                                          Lock lock;
                                          machine::enable_interrupts();
                                          IrqSaveGuard guard(lock);
                                          machine::send_ipi(machine::hart_index());
                                          for (int i = 0; i < 1000; ++i) machine::relax();
                                          EXPECT_EQ(rings, 0u);
                                          guard.unlock();
                                          while (rings == 0) machine::relax();
                                      },
                                  .ipi = [] { ++rings; }});
    EXPECT_EQ(rings, 1u);
}

}  // namespace
}  // namespace kernel::sync
