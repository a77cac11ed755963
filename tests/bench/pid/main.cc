// pid_bench: measures the Pid hash beside its peers, or says what does not need one. See run.py.
#include <benchmark/benchmark.h>

#include <cstring>

#include "base/panic.h"
#include "tests/bench/pid/answers.h"
#include "tests/bench/pid/facts.h"
#include "tests/bench/pid/floor.h"
#include "tests/bench/pid/lfht_table.h"
#include "tests/bench/pid/locked_table.h"
#include "tests/bench/pid/pid_hash.h"
#include "tests/bench/pid/plan9_table.h"
#include "tests/bench/pid/radix_table.h"
#include "tests/bench/pid/rows.h"
#include "tests/bench/pid/tbb_table.h"

namespace bench {
namespace {

enum class Effort { kSmoke, kMeasure };

/// `floor` is left out where a bare array has nothing to say.
enum class Floors { kYes, kNo };

template <Table T>
void add(const char* row, void (*body)(benchmark::State&, u32), int threads, u32 live,
         Effort effort) {
    const std::string name = std::string(row) + "/" + std::to_string(threads) + "/" +
                             std::to_string(live) + "/" + std::string(T::kName);
    auto* const made = benchmark::RegisterBenchmark(
        name.c_str(), [=](benchmark::State& state) { body(state, live); });
    made->Threads(threads)->UseRealTime();
    if (effort == Effort::kSmoke) {
        made->Iterations(1);
    } else {
        // The least of three goes for the median; run.py repeats all of it.
        made->MinTime(0.03)->Repetitions(3);
    }
}

// One row, on all tables in turn, so that they share what else happens on the machine.
#define ROW(name, body, threads, floors)                                                  \
    for (const u32 live : {100u, 10'000u, 1'000'000u}) {                                  \
        if (floors == Floors::kYes) add<Floor>(name, body<Floor>, threads, live, effort); \
        add<PidHash>(name, body<PidHash>, threads, live, effort);                         \
        add<Plan9Table>(name, body<Plan9Table>, threads, live, effort);                   \
        add<RadixTable>(name, body<RadixTable>, threads, live, effort);                   \
        add<LfhtTable>(name, body<LfhtTable>, threads, live, effort);                     \
        add<TbbTable>(name, body<TbbTable>, threads, live, effort);                       \
        add<LockedTable>(name, body<LockedTable>, threads, live, effort);                 \
    }

void add_rows(Effort effort) {
    // Rows that goals compare with each other stand together.
    ROW("chain", chain, 1, Floors::kYes)
    ROW("miss", miss, 1, Floors::kYes)
    ROW("hit", hit, 2, Floors::kYes)
    ROW("hit", hit, 1, Floors::kYes)
    ROW("hit beside churn", hit_beside_churn, 1, Floors::kNo)
    ROW("acquire+release", acquire_release, 2, Floors::kYes)
    ROW("acquire+release", acquire_release, 1, Floors::kYes)
    ROW("alloc+free", allocate_free, 1, Floors::kNo)
    ROW("alloc+free", allocate_free, 2, Floors::kNo)
}

template <Table T>
void check_histories() {
    for (u32 seed = 1; seed <= 3; ++seed) check_history<T>(seed);
}

void check_all() {
    check_histories<PidHash>();
    check_histories<Plan9Table>();
    check_histories<RadixTable>();
    check_histories<LfhtTable>();
    check_histories<TbbTable>();
    check_histories<LockedTable>();
}

void print_on_stderr(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }
[[noreturn]] void stop() { std::abort(); }

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
    kernel::set_panic_hooks({.begin = nullptr,
                             .output = bench::print_on_stderr,
                             .backtrace = nullptr,
                             .report = nullptr,
                             .halt = bench::stop});
    const std::string_view mode = count > 1 ? arguments[1] : "";
    if (mode == "facts" || mode == "facts-smoke") {
        bench::print_facts(mode == "facts-smoke");
        return 0;
    }
    if (mode != "rows" && mode != "rows-smoke") {
        std::fputs("usage: pid_bench rows|rows-smoke|facts|facts-smoke [--benchmark_...]\n",
                   stderr);
        return 125;
    }
    bench::check_all();
    bench::add_rows(mode == "rows" ? bench::Effort::kMeasure : bench::Effort::kSmoke);
    arguments[1] = arguments[0];
    --count;
    ++arguments;
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 125;
    return benchmark::RunSpecifiedBenchmarks() == 0 ? 1 : 0;
}
