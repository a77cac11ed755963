// RWLock under many schedules: readers together, writers alone, nobody starves.
#include <gtest/gtest.h>

#include <vector>

#include "sched/qlock.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/sim/shared_counter.h"

namespace kernel::sched {
namespace {

using sync::LockRank;

TEST(RWLockSchedules, WritersAreAloneAndReadersSeeNoWriter) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        RWLock lock(LockRank::kNamespace);
        tests::SharedCounter counter;
        tests::Occupancy readers;
        tests::Occupancy writers;
        fixture::in_parallel(5, [&](u32 i) {
            for (int round = 0; round < 4; ++round) {
                if (i < 3) {
                    const ReadGuard guard(lock);
                    readers.enter();
                    EXPECT_EQ(writers.now(), 0u);
                    const u64 before = counter.read();
                    EXPECT_EQ(counter.read(), before);
                    readers.leave();
                } else {
                    const WriteGuard guard(lock);
                    EXPECT_EQ(writers.enter(), 1u);
                    EXPECT_EQ(readers.now(), 0u);
                    counter.bump();
                    writers.leave();
                }
            }
        });
        EXPECT_EQ(counter.read(), 8u);
    });
}

TEST(RWLockSchedules, ReadersShareIt) {
    fixture::run_seeds({.harts = 2}, 300, [] {
        RWLock lock(LockRank::kNamespace);
        const ReadGuard guard(lock);
        // Would wait for ever if readers excluded each other.
        auto other = fixture::spawn([&] { const ReadGuard mine(lock); });
        other.join();
    });
}

TEST(RWLockSchedules, AReaderThatComesAfterAWaitingWriterWaitsBehindIt) {
    fixture::run_seeds({.harts = 2}, 1000, [] {
        RWLock lock(LockRank::kNamespace);
        std::vector<char> order;
        auto [writer, reader] = [&] {
            const ReadGuard guard(lock);
            auto writing = fixture::spawn([&] {
                const WriteGuard mine(lock);
                order.push_back('w');
            });
            while (writing.task().state() != TaskState::kQueueingW) yield();
            EXPECT_FALSE(lock.try_read_lock());
            auto reading = fixture::spawn([&] {
                const ReadGuard mine(lock);
                order.push_back('r');
            });
            while (reading.task().state() != TaskState::kQueueingR) yield();
            return std::pair(std::move(writing), std::move(reading));
        }();
        writer.join();
        reader.join();
        EXPECT_EQ(order, (std::vector<char>{'w', 'r'}));
    });
}

TEST(RWLockSchedules, AnInterruptedWriterLetsTheReadersBehindItIn) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        RWLock lock(LockRank::kNamespace);
        const ReadGuard guard(lock);
        auto writer = fixture::spawn([&] {
            EXPECT_FALSE(lock.write_lock_interruptible());
            Task::current().clear_interrupt();
        });
        while (writer.task().state() != TaskState::kQueueingW) yield();
        auto reader = fixture::spawn([&] { const ReadGuard mine(lock); });
        while (reader.task().state() != TaskState::kQueueingR) yield();
        writer.task().interrupt();
        writer.join();
        // The lock is still held for reading here, so the reader gets in only because of that.
        reader.join();
    });
}

TEST(RWLockSchedules, InterruptAndHandOverAtOnceEitherLockOrReport) {
    fixture::run_seeds({.harts = 3}, 1000, [] {
        RWLock lock(LockRank::kNamespace);
        fixture::Spawned waiter = [&] {
            const WriteGuard guard(lock);
            auto spawned = fixture::spawn([&] {
                if (!lock.read_lock_interruptible()) return;
                const ReadGuard mine(lock, kAdoptLock);
            });
            auto interrupter = fixture::spawn([&] { spawned.task().interrupt(); });
            interrupter.join();
            return spawned;
        }();
        waiter.join();
        if (lock.try_write_lock()) {
            const WriteGuard guard(lock, kAdoptLock);
            EXPECT_TRUE(lock.write_held_by_me());
        } else {
            ADD_FAILURE() << "somebody still holds it";
        }
    });
}

}  // namespace
}  // namespace kernel::sched
