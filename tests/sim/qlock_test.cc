// QLock under many schedules: one at a time, in order, and interruptible.
#include "sched/qlock.h"

#include <gtest/gtest.h>

#include <vector>

#include "machine/clock.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/sim/shared_counter.h"

namespace kernel::sched {
namespace {

using sync::LockRank;

TEST(QLockSchedules, OneAtATimeAndNoIncrementIsLost) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        QLock lock(LockRank::kDevice);
        tests::SharedCounter counter;
        tests::Occupancy inside;
        fixture::in_parallel(4, [&](u32) {
            for (int round = 0; round < 5; ++round) {
                const QLockGuard guard(lock);
                EXPECT_EQ(inside.enter(), 1u);
                counter.bump();
                inside.leave();
            }
        });
        EXPECT_EQ(counter.read(), 20u);
        EXPECT_EQ(lock.holder(), nullptr);
    });
}

TEST(QLockSchedules, WaitersGetItInTheOrderInWhichTheyCame) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        QLock lock(LockRank::kDevice);
        std::vector<u32> order;
        std::vector<fixture::Spawned> waiters;
        {
            const QLockGuard guard(lock);
            for (u32 i = 0; i < 4; ++i) {
                waiters.push_back(fixture::spawn([&order, &lock, i] {
                    const QLockGuard mine(lock);
                    order.push_back(i);
                }));
                while (waiters.back().task().state() != TaskState::kQueueing) yield();
            }
        }
        for (auto& waiter : waiters) waiter.join();
        EXPECT_EQ(order, (std::vector<u32>{0, 1, 2, 3}));
    });
}

TEST(QLockSchedules, AHandedOverLockCannotBeSnatched) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        QLock lock(LockRank::kDevice);
        Atomic<u32> waiter_had_it{0};
        fixture::Spawned waiter = [&] {
            const QLockGuard guard(lock);
            auto spawned = fixture::spawn([&] {
                const QLockGuard mine(lock);
                waiter_had_it.store(1, std::memory_order_seq_cst);
            });
            while (spawned.task().state() != TaskState::kQueueing) yield();
            return spawned;
        }();
        {
            const QLockGuard again(lock);
            EXPECT_EQ(waiter_had_it.load(std::memory_order_seq_cst), 1u);
        }
        waiter.join();
    });
}

TEST(QLockSchedules, InterruptAndHandOverAtOnceEitherLockOrReport) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        QLock lock(LockRank::kDevice);
        tests::Occupancy inside;
        fixture::Spawned waiter = [&] {
            const QLockGuard guard(lock);
            auto spawned = fixture::spawn([&] {
                if (!lock.lock_interruptible()) {
                    EXPECT_TRUE(Task::current().interrupt_pending());
                    EXPECT_FALSE(lock.held_by_me());
                    return;
                }
                const QLockGuard mine(lock, kAdoptLock);
                EXPECT_EQ(inside.enter(), 1u);
                inside.leave();
            });
            auto interrupter = fixture::spawn([&] { spawned.task().interrupt(); });
            EXPECT_EQ(inside.enter(), 1u);
            inside.leave();
            // The interrupter must be gone before the waiter may be.
            interrupter.join();
            return spawned;
        }();
        waiter.join();
        // Whatever happened, the lock is free and nobody is queued.
        EXPECT_EQ(lock.holder(), nullptr);
        if (lock.try_lock()) {
            const QLockGuard guard(lock, kAdoptLock);
        } else {
            ADD_FAILURE() << "somebody still holds it";
        }
    });
}

TEST(QLockSchedules, AnInterruptedWaiterInTheMiddleLeavesTheOthersInOrder) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        QLock lock(LockRank::kDevice);
        std::vector<u32> order;
        std::vector<fixture::Spawned> waiters;
        {
            const QLockGuard guard(lock);
            for (u32 i = 0; i < 3; ++i) {
                waiters.push_back(fixture::spawn([&order, &lock, i] {
                    if (!lock.lock_interruptible()) return;
                    const QLockGuard mine(lock, kAdoptLock);
                    order.push_back(i);
                }));
                while (waiters.back().task().state() != TaskState::kQueueing) yield();
            }
            EXPECT_TRUE(waiters[1].task().interrupt());
            waiters[1].join();
        }
        waiters[0].join();
        waiters[2].join();
        EXPECT_EQ(order, (std::vector<u32>{0, 2}));
    });
}

TEST(QLockSchedules, WhoReleasesItDoesNotTouchItAgain) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        constexpr std::byte kGone{0x5b};
        alignas(QLock) std::array<std::byte, sizeof(QLock)> place;
        QLock& lock = *::new (place.data()) QLock(LockRank::kDevice);
        constexpr u32 kUsers = 3;
        u32 users = kUsers;
        // The last to let go ends the lock, whatever the one before is about.
        const auto use = [&] {
            bool last = false;
            if (lock.lock_interruptible()) {
                const QLockGuard guard(lock, kAdoptLock);
                last = --users == 0;
            } else {
                Task::current().clear_interrupt();
                const QLockGuard guard(lock);
                last = --users == 0;
            }
            if (!last) return;
            std::destroy_at(&lock);
            place.fill(kGone);
        };
        {
            std::vector<fixture::Spawned> all;
            for (u32 i = 0; i < kUsers; ++i) all.push_back(fixture::spawn(use));
            all[1].task().interrupt();
            for (auto& one : all) one.join();
        }
        EXPECT_EQ(users, 0u);
        EXPECT_TRUE(std::ranges::all_of(place, [](std::byte b) { return b == kGone; }));
    });
}

TEST(QLockSchedules, TryLockNeverWaits) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        QLock lock(LockRank::kDevice);
        const QLockGuard guard(lock);
        auto other = fixture::spawn([&] { EXPECT_FALSE(lock.try_lock()); });
        other.join();
        EXPECT_TRUE(lock.held_by_me());
    });
}

TEST(QLockSchedules, HoldersMaySleep) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        QLock lock(LockRank::kDevice);
        tests::SharedCounter counter;
        fixture::in_parallel(3, [&](u32) {
            const QLockGuard guard(lock);
            const u64 before = counter.read();
            ASSERT_TRUE(sleep_for(nanos_from_micros(10)).ok());
            EXPECT_EQ(counter.read(), before);
            counter.bump();
        });
        EXPECT_EQ(counter.read(), 3u);
    });
}

}  // namespace
}  // namespace kernel::sched
