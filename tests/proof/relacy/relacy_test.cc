// The shipped header of the Pid hash under relacy: C++ memory model, data races, context bound 3.
//
// usage: relacy_test [EXECUTIONS]    per scenario and kind of search; else as PROCYON_TEST_TIER
// says
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iomanip>
#include <iostream>

#include "tests/proof/relacy/scenarios.h"

// What the kernel's ASSERT and PANIC do here: they fail the execution.
namespace kernel {
void panic(SourcePlace place, std::string_view message) {
    detail::assertion_failed(place, message.data());
}
void detail::panic_formatted(SourcePlace place, std::string_view format,
                             std::span<const FormatArg>) {
    assertion_failed(place, format.data());
}
void detail::assertion_failed(SourcePlace place, const char* expression) {
    rl::ctx().fail_test(expression, rl::test_result_user_assert_failed,
                        rl::debug_info(place.function, place.file, place.line));
    std::abort();  // not reached: relacy leaves the execution
}
}  // namespace kernel

namespace pid_proof {
namespace {

constexpr unsigned kContextBound = 3;

/// relacy's search of all schedules with at most so many preemptions, but no longer than asked.
template <rl::thread_id_t kThreads>
struct BoundedScheduler : rl::context_bound_scheduler<kThreads> {
    using Base = rl::context_bound_scheduler<kThreads>;
    using Base::Base;
    bool iteration_end() {
        return Base::iteration_end() || this->iter_ >= this->params_.iteration_count;
    }
};

struct Outcome {
    rl::test_result_e result;
    u64 executions;
    bool all;  // every schedule there is within the bound
};

template <class Scenario, template <rl::thread_id_t> class Scheduler>
Outcome search(u64 executions, bool history) {
    rl::test_params params;
    // A stream that prints nothing. (Not a string stream: relacy's operator new is not the one that
    // the standard library frees with.)
    std::ostream nowhere(nullptr);
    params.output_stream = history ? &std::cout : &nowhere;
    params.progress_stream = &nowhere;
    params.iteration_count = executions;
    params.context_bound = kContextBound;
    params.execution_depth_limit = 4000;
    params.test_name = Scenario::kName;
    params.collect_history = history;
    params.output_history = history;
    const rl::test_result_e result =
        rl::run_test<Scenario, Scheduler<Scenario::params::thread_count>>(params, nowhere, false);
    return {result, params.stop_iteration, params.stop_iteration < executions};
}

int failures = 0;

template <template <Weaken> class Scenario, template <rl::thread_id_t> class Scheduler>
void clean(const char* kind, u64 executions) {
    using Real = Scenario<Weaken::kNothing>;
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = search<Real, Scheduler>(executions, false);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    const bool good = outcome.result == rl::test_result_success;
    std::cout << (good ? "  " : "! ") << std::left << std::setw(34) << Real::kName << std::setw(17)
              << kind << std::right << std::setw(9) << outcome.executions << std::fixed
              << std::setprecision(1) << std::setw(8) << time.count() << " s  "
              << rl::test_result_str(outcome.result)
              << (good && outcome.all ? ", all there are" : "") << std::endl;
    if (!good) {
        ++failures;
        (void)search<Real, Scheduler>(executions, true);  // ignored: prints how it came about
    }
}

template <template <Weaken> class Scenario, Weaken kWeaken>
void broken(const char* how, u64 executions) {
    using Weak = Scenario<kWeaken>;
    const Outcome outcome = search<Weak, rl::random_scheduler>(executions, false);
    const bool good = outcome.result == rl::test_result_data_race ||
                      outcome.result == rl::test_result_user_assert_failed;
    failures += good ? 0 : 1;
    std::cout << (good ? "  " : "! ") << std::left << std::setw(34) << Weak::kName << std::setw(17)
              << how << std::right << std::setw(9) << outcome.executions << "            "
              << rl::test_result_str(outcome.result) << std::endl;
}

template <template <Weaken> class Scenario>
void explore(u64 executions) {
    clean<Scenario, BoundedScheduler>("context bound 3", executions);
    clean<Scenario, rl::random_scheduler>("random", executions);
    broken<Scenario, Weaken::kAcquire>("acquire weakened", executions);
    broken<Scenario, Weaken::kRelease>("release weakened", executions);
}

u64 executions_wanted(int argc, char** argv) {
    if (argc > 1) return std::strtoull(argv[1], nullptr, 10);
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    if (tier != nullptr && std::strcmp(tier, "long") == 0) return 1'000'000;
    return 100'000;
}

}  // namespace
}  // namespace pid_proof

int main(int argc, char** argv) {
    using namespace pid_proof;
    const u64 executions = executions_wanted(argc, argv);
    explore<FindAgainstReuse>(executions);
    explore<AcquireAgainstExit>(executions);
    explore<AllocateAgainstAllocate>(executions);
    explore<ClaimAgainstClaim>(executions);
    explore<DropsAgainstReuse>(executions);
    explore<DropThenSitOut>(executions);
    explore<BindPublishes>(executions);
    explore<ClaimPublishes>(executions);
    return failures == 0 ? 0 : 1;
}
