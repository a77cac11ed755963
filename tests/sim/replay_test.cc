// Seeds decide everything: the same seed gives the same history, different seeds different ones.
#include <gtest/gtest.h>

#include <set>

#include "machine/random.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/sim/shared_counter.h"

namespace kernel::sched {
namespace {

/// Some of everything.
void a_bit_of_work() {
    QLock lock(sync::LockRank::kDevice);
    tests::SharedCounter counter;
    fixture::in_parallel(4, [&](u32 i) {
        ASSERT_TRUE(sleep_for(nanos_from_micros(machine::jitter() % 50)).ok());
        for (u32 round = 0; round < 3 + i; ++round) {
            const QLockGuard guard(lock);
            counter.bump();
        }
    });
    EXPECT_EQ(counter.read(), 3u + 4 + 5 + 6);
}

TEST(Replay, TheSameSeedGivesTheSameHistory) {
    for (u64 seed = 1; seed <= 50; ++seed) {
        const fixture::Outcome first = fixture::run({.harts = 3, .seed = seed}, a_bit_of_work);
        const fixture::Outcome second = fixture::run({.harts = 3, .seed = seed}, a_bit_of_work);
        EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
        EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
        EXPECT_EQ(first.time, second.time) << "seed " << seed;
    }
}

TEST(Replay, DifferentSeedsGiveDifferentHistories) {
    std::set<u64> traces;
    for (u64 seed = 1; seed <= 100; ++seed) {
        traces.insert(fixture::run({.harts = 3, .seed = seed}, a_bit_of_work).trace);
    }
    EXPECT_GT(traces.size(), 95u);
}

TEST(Replay, AMachineThatNeverEndsIsGivenUp) {
    fixture::Options options{.harts = 2};
    options.simulation.step_limit = 100'000;
    const fixture::Outcome outcome = fixture::run(
        options,
        [] {
            for (;;) yield();
        },
        fixture::Trouble::kIsExpected);
    EXPECT_EQ(outcome.end, fixture::End::kStepLimit);
    EXPECT_GE(outcome.steps, 100'000u);
}

TEST(Replay, AStandstillNamesWhoHoldsWhom) {
    const fixture::Outcome outcome = fixture::run(
        {.harts = 2},
        [] {
            // Two locks in opposite orders. Ranks would forbid it, so both tasks wait for a third
            // thing instead: each other's end.
            Rendez first;
            Rendez second;
            auto other = fixture::spawn(
                [&] { sleep_uninterruptible(second, [] { return false; }, TaskState::kStopped); },
                {.name = "other"});
            sleep_uninterruptible(first, [] { return false; });
            other.join();
        },
        fixture::Trouble::kIsExpected);
    EXPECT_EQ(outcome.end, fixture::End::kStandstill);
    EXPECT_NE(outcome.report.find("body: Wakeme"), std::string::npos) << outcome.report;
    EXPECT_NE(outcome.report.find("other: Stopped"), std::string::npos) << outcome.report;
}

}  // namespace
}  // namespace kernel::sched
