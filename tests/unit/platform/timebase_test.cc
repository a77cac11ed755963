// Ticks and nanoseconds at the frequencies of boards and at odd ones, against exact division.
#include "arch/riscv64/platform/timebase.h"

#include <gtest/gtest.h>

#include <random>

namespace arch::riscv64 {
namespace {

using Wide = unsigned __int128;

constexpr u64 kGiga = 1'000'000'000;
constexpr u64 kYear = 365 * 24 * 3600ULL;

constexpr u64 kFrequencies[] = {1'000'000,   // sifive_u, icicle
                                4'000'000,   // JH7110
                                6'250'000,   // JH7100
                                10'000'000,  // virt
                                24'000'000,
                                1,
                                3,
                                32'768,
                                999'999'937,
                                12'345'677,
                                19'200'000,
                                1'000'000'000,
                                999'999'999,
                                1'000'000'007,
                                3'333'333'333};

u64 exact_nanos(u64 ticks, u64 frequency) {
    return static_cast<u64>(Wide{ticks} * kGiga / frequency);
}

/// The first tick at or after `time`, or the last there is.
u64 exact_ticks(u64 time, u64 frequency) {
    const Wide ticks = (Wide{time} * frequency + kGiga - 1) / kGiga;
    return ticks > ~u64{0} ? ~u64{0} : static_cast<u64>(ticks);
}

/// The ticks of 584 years, where Nanos ends; or the last.
u64 last_tick(u64 frequency) {
    const Wide ticks = Wide{~u64{0}} * frequency / kGiga;
    return ticks > ~u64{0} ? ~u64{0} : static_cast<u64>(ticks);
}

class TimebaseAt : public testing::TestWithParam<u64> {
protected:
    const u64 frequency_ = GetParam();
    const Timebase timebase_ = Timebase::of(frequency_);

    u64 nanos(u64 ticks) const { return timebase_.nanos_of_ticks(ticks).value; }
    u64 ticks(u64 time) const { return timebase_.ticks_of_nanos({time}); }

    /// Times worth a look: near powers of two, near years, and random ones of each length.
    template <class Visit>
    static void for_interesting(u64 last, Visit&& visit) {
        const auto around = [&](u64 middle) {
            for (u64 value = middle < 3 ? 0 : middle - 3; value <= last; ++value) {
                visit(value);
                if (value == ~u64{0} || value - middle == 3) return;
            }
        };
        for (unsigned bit = 0; bit < 64; ++bit) around(u64{1} << bit);
        around(last);
        std::mt19937_64 random(11);
        for (int i = 0; i < 20'000; ++i) {
            const u64 value = random() >> random() % 64;
            if (value <= last) visit(value);
        }
    }
};

TEST_P(TimebaseAt, TicksConvertAsExactDivisionDoes) {
    EXPECT_EQ(timebase_.frequency(), frequency_);
    for_interesting(last_tick(frequency_), [&](u64 value) {
        ASSERT_EQ(nanos(value), exact_nanos(value, frequency_)) << value << " ticks";
    });
}

TEST_P(TimebaseAt, TheFirstTickAtOrAfterATimeIsFound) {
    for_interesting(~u64{0}, [&](u64 time) {
        ASSERT_EQ(ticks(time), exact_ticks(time, frequency_)) << time << " ns";
    });
}

TEST_P(TimebaseAt, ThereAndBackIsWhereOneCameFrom) {
    for_interesting(last_tick(frequency_), [&](u64 value) {
        // Where a tick is shorter than a nanosecond, several share one.
        const u64 back = ticks(nanos(value));
        ASSERT_LE(back, value);
        ASSERT_EQ(nanos(back), nanos(value));
        if (frequency_ <= kGiga) {
            ASSERT_EQ(back, value);
        }
    });
}

TEST_P(TimebaseAt, NeitherEverGoesBackwards) {
    for (u64 years : {u64{0}, u64{1}, u64{10}, u64{50}}) {
        const u64 start = years * kYear * frequency_;
        if (start > last_tick(frequency_) - 10'000) continue;
        for (u64 tick = start; tick < start + 5'000; ++tick) {
            ASSERT_LE(nanos(tick), nanos(tick + 1)) << tick;
            ASSERT_EQ(nanos(tick + 1), exact_nanos(tick + 1, frequency_)) << tick;
        }
        const u64 time = years * kYear * kGiga;
        for (u64 at = time; at < time + 5'000; ++at) ASSERT_LE(ticks(at), ticks(at + 1)) << at;
    }
}

INSTANTIATE_TEST_SUITE_P(Boards, TimebaseAt, testing::ValuesIn(kFrequencies),
                         [](const auto& one) { return std::to_string(one.param) + "Hz"; });

TEST(Timebase, RandomFrequenciesAreRightToTheTick) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 20'000; ++i) {
        const u64 frequency = 1 + (random() >> (20 + random() % 44));
        const Timebase timebase = Timebase::of(frequency);
        const u64 ticks = random() % last_tick(frequency);
        ASSERT_EQ(timebase.nanos_of_ticks(ticks).value, exact_nanos(ticks, frequency))
            << ticks << " at " << frequency;
        const u64 time = random();
        ASSERT_EQ(timebase.ticks_of_nanos({time}), exact_ticks(time, frequency))
            << time << " at " << frequency;
    }
}

TEST(Timebase, AFrequencyThatIsALieDoesNotTrap) {
    const Timebase timebase = Timebase::of(~u64{0});
    EXPECT_EQ(timebase.nanos_of_ticks(~u64{0}).value, kGiga);
    EXPECT_EQ(timebase.ticks_of_nanos({kGiga}), ~u64{0});
    EXPECT_EQ(timebase.ticks_of_nanos({~u64{0}}), ~u64{0});
}

}  // namespace
}  // namespace arch::riscv64
