// Runs the contract cases under GoogleTest: a machine per case, with one hart and with several, and
// on the simulator with several seeds.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "machine/power.h"
#include "tests/contract/contract.h"
#include "tests/fixture/seeds.h"
#include "tests/host/common/machine.h"

namespace contract {
namespace {

const Row* running = nullptr;

class Contract : public ::testing::TestWithParam<usize> {
protected:
    /// Boots with one seed after another. How many counts only on the simulator: on threads they
    /// are just repetitions.
    static void run_on(host::MachineOptions options) {
        running = &kCases[GetParam()];
        constexpr u64 kSeeds = 50;
        constexpr u64 kTimesOnThreads = 3;
        u64 runs = 1;
        if (const std::optional<u64> wanted = fixture::wanted_seed()) options.seed = *wanted;
        for (u64 run = 0; run < runs && !HasFailure(); ++run, ++options.seed) {
            const host::Outcome outcome = host::run_machine(options);
            EXPECT_EQ(outcome.end, host::End::kPoweredOff) << outcome.report;
            EXPECT_EQ(outcome.status, 0);
            if (HasFailure()) fixture::print_replay(options.seed);
            const bool is_simulated = outcome.steps != 0;
            if (!fixture::wanted_seed()) {
                runs = is_simulated ? fixture::seed_count(kSeeds) : kTimesOnThreads;
            }
        }
    }
};

TEST_P(Contract, HoldsOnOneHart) { run_on({.harts = 1}); }
TEST_P(Contract, HoldsOnManyHarts) { run_on({.harts = 4}); }
TEST_P(Contract, HoldsWhenTheBootHartIsNotTheFirst) { run_on({.harts = 3, .boot_hart = 2}); }

INSTANTIATE_TEST_SUITE_P(AllCases, Contract, ::testing::Range<usize>(0, std::size(kCases)),
                         [](const auto& row) { return std::string(kCases[row.param].name); });

}  // namespace

void report_failure(const char* expression, const char* file, u32 line) {
    ADD_FAILURE_AT(file, static_cast<int>(line)) << expression;
}

void run() {
    running->run();
    kernel::machine::power_off(0);
}

}  // namespace contract
