// Locked<T>: the value is reached under its lock, and results come out by value.
#include "sync/locked.h"

#include <gtest/gtest.h>

#include "sync/held_locks.h"

namespace kernel::sync {
namespace {

struct Pair {
    int a = 0;
    int b = 0;
};

TEST(Locked, GivesTheValueUnderItsLock) {
    Locked<Pair, LockRank::kDeviceSpin> locked(Pair{1, 2});
    const int sum = locked.with([](Pair& pair) {
        EXPECT_EQ(held_spin_locks(), 1u);
        pair.a += 10;
        return pair.a + pair.b;
    });
    EXPECT_EQ(sum, 13);
    EXPECT_EQ(held_spin_locks(), 0u);
}

TEST(Locked, TakesThePolicyOfItsCaller) {
    Locked<Pair, LockRank::kDeviceSpin> locked;
    const machine::InterruptsOff off;
    locked.with<IrqsOff>([](Pair& pair) { pair.b = 5; });
    EXPECT_EQ(locked.with<IrqsOff>([](Pair& pair) { return pair.b; }), 5);
}

}  // namespace
}  // namespace kernel::sync
