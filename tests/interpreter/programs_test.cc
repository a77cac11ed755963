// Random programs leave the same registers after each instruction in the interpreter and in QEMU.
//
// As many as PROCYON_TEST_TIER says, from the seed PROCYON_SEED on.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/interpreter/program_trial.h"

namespace interpreter_tests {
namespace {

TEST(ProgramsInQemu, AgreeInstructionByInstruction) {
    const u64 wanted = Amount{.fast = 20'000, .normal = 200'000, .many = 10'000'000}.of_this_tier();
    u64 compared = 0;
    std::set<u32> kinds;
    for (u64 seed = first_seed(); compared < wanted; ++seed) {
        ProgramTrial trial(seed, 400);
        const std::string words = trial.compare();
        ASSERT_EQ(words, "") << "PROCYON_SEED=" << seed << " repeats it";
        compared += trial.compared();
        kinds.insert(trial.kinds().begin(), trial.kinds().end());
    }
    EXPECT_GE(kinds.size(), 105u) << "programs no longer have everything in them";
    std::printf("%llu instructions compared, of %zu kinds\n",
                static_cast<unsigned long long>(compared), kinds.size());
}

}  // namespace
}  // namespace interpreter_tests
