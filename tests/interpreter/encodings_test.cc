// Every 16-bit encoding, and samples of the 32-bit ones, end in the interpreter as they end in
// QEMU.
//
// As often as PROCYON_TEST_TIER says, from the seed PROCYON_SEED on: registers differ each time.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/interpreter/encoding_trial.h"

namespace interpreter_tests {
namespace {

unsigned long long printable(u64 value) { return value; }

TEST(EncodingsInQemu, AllOf16BitsAgree) {
    const std::vector<u32> encodings = all_compressed();
    constexpr u64 kJumpsToThemselves = 1 + 2 * 8;  // c.j; c.beqz and c.bnez with each register
    ASSERT_EQ(encodings.size(), 0xc000 - kJumpsToThemselves);
    const u64 rounds = Amount{.fast = 1, .normal = 2, .many = 40}.of_this_tier();
    u64 illegal = 0;
    for (u64 seed = first_seed(); seed < first_seed() + rounds; ++seed) {
        EncodingTrial trial(seed, encodings);
        ASSERT_EQ(trial.compare(), "") << "PROCYON_SEED=" << seed << " repeats it";
        illegal = trial.illegal();
    }
    std::printf("%zu encodings, %llu of them illegal, with %llu sets of registers\n",
                encodings.size(), printable(illegal), printable(rounds));
}

TEST(EncodingsInQemu, SamplesOf32BitsAgree) {
    constexpr u64 kAtOnce = 100'000;
    const u64 rounds = Amount{.fast = 1, .normal = 5, .many = 100}.of_this_tier();
    u64 illegal = 0;
    for (u64 seed = first_seed(); seed < first_seed() + rounds; ++seed) {
        Random random(seed);
        EncodingTrial trial(seed, random_encodings(random, kAtOnce));
        ASSERT_EQ(trial.compare(), "") << "PROCYON_SEED=" << seed << " repeats it";
        illegal += trial.illegal();
    }
    std::printf("%llu encodings, %llu of them illegal\n", printable(rounds * kAtOnce),
                printable(illegal));
}

}  // namespace
}  // namespace interpreter_tests
