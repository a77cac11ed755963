// The kernel's random numbers under the simulator: a seed decides them.
#include <gtest/gtest.h>

#include <vector>

#include "dev/random/random.h"
#include "machine/boot_info.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::dev {
namespace {

std::vector<std::byte> bytes_of_machine(u64 seed) {
    std::vector<std::byte> bytes(100);
    fixture::Options options{.harts = 2, .seed = seed};
    options.boot = [] { seed_random(machine::boot_info().seed); };
    fixture::run(options, [&] { fill_random(bytes); });
    return bytes;
}

TEST(RandomUnderSeed, TheSameMachineDrawsTheSameNumbers) {
    ASSERT_TRUE(fixture::is_simulated());
    EXPECT_EQ(bytes_of_machine(1), bytes_of_machine(1));
    EXPECT_EQ(bytes_of_machine(77), bytes_of_machine(77));
    EXPECT_NE(bytes_of_machine(1), bytes_of_machine(2));
}

}  // namespace
}  // namespace kernel::dev
