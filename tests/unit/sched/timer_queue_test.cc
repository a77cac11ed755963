// The pairing heap of timers against a sorted list, over random histories.
#include "sched/timer_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/core.h"
#include "tests/fixture/kernel_fixture.h"
#include "tests/fixture/seeds.h"

namespace kernel::sched {
namespace {

/// What rang, in order.
std::vector<u32> rung;

struct Numbered {
    explicit Numbered(u32 mine) : number(mine) {}
    u32 number;
    Timer timer{[](Timer&, void* self) { rung.push_back(static_cast<Numbered*>(self)->number); },
                this};
};

/// The model: armed timers in order of time, then of arming.
struct Expected {
    u64 when;
    u64 order;
    u32 number;
    auto operator<=>(const Expected&) const = default;
};

/// Runs on a hart whose own timer queue stays out of it: the queue under test is driven by hand.
void random_history(u64 seed) {
    std::mt19937_64 random(seed);
    const machine::InterruptsOff off;
    detail::TimerQueue& queue = detail::Core::mine().timers;
    constexpr u32 kTimers = 60;
    constexpr u64 kFar = 1'000'000'000'000'000;  // the hart's real alarm never gets there
    std::deque<Numbered> timers;
    for (u32 i = 0; i < kTimers; ++i) timers.emplace_back(i);
    std::vector<Expected> model;
    rung.clear();
    std::vector<u32> expected_rung;
    u64 now = kFar;
    u64 order = 0;
    for (int step = 0; step < 2000; ++step) {
        const u32 number = random() % kTimers;
        const auto armed = std::find_if(model.begin(), model.end(),
                                        [number](const Expected& e) { return e.number == number; });
        switch (random() % 3) {
            case 0:
                if (armed != model.end()) break;
                model.push_back({now + random() % 1000, order++, number});
                timers[number].timer.arm({model.back().when});
                break;
            case 1:
                EXPECT_EQ(timers[number].timer.armed(), armed != model.end());
                EXPECT_EQ(timers[number].timer.cancel(), armed != model.end());
                if (armed != model.end()) model.erase(armed);
                break;
            default: {
                now += random() % 100;
                queue.run_due({now});
                std::sort(model.begin(), model.end());
                while (!model.empty() && model.front().when <= now) {
                    expected_rung.push_back(model.front().number);
                    model.erase(model.begin());
                }
                ASSERT_EQ(rung, expected_rung) << "seed " << seed;
                break;
            }
        }
        std::sort(model.begin(), model.end());
        const Nanos first = model.empty() ? machine::kNoAlarm : Nanos{model.front().when};
        ASSERT_EQ(queue.first(), first) << "seed " << seed;
    }
    for (Numbered& one : timers) one.timer.cancel();
}

TEST(TimerQueue, AgreesWithASortedListOverRandomHistories) {
    const u64 begin = fixture::wanted_seed().value_or(1);
    const u64 end = fixture::wanted_seed() ? begin + 1 : begin + 20;
    for (u64 seed = begin; seed < end; ++seed) {
        fixture::run({.harts = 1}, [seed] { random_history(seed); });
        ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace kernel::sched
