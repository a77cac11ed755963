// Each planted fault of the interpreter is found, by those who must find it.
//
// The unit tests are in this program too. Each search has a process of its own: what a fault does
// may be to crash, or never to end.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "tests/interpreter/encoding_trial.h"
#include "tests/interpreter/mutant.h"
#include "tests/interpreter/program_trial.h"

namespace interpreter_tests {

unsigned mutant = 0;

namespace {

struct Mutant {
    unsigned number;
    const char* name;
    std::string_view killers;
};
constexpr Mutant kMutants[] = {
#include "mutants.inc"
};

/// Remembers the first test that failed.
class FirstFailure : public ::testing::EmptyTestEventListener {
public:
    void OnTestEnd(const ::testing::TestInfo& test) override {
        if (name.empty() && test.result()->Failed()) {
            name = std::string(test.test_suite_name()) + "." + test.name();
        }
    }
    std::string name;
};

/// The unit tests; those with threads find a fault in some of their runs, so there are several.
std::string run_unit_tests() {
    constexpr unsigned kRuns = 20;
    ::testing::TestEventListeners& listeners = ::testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    auto* const first = new FirstFailure;
    listeners.Append(first);
    const unsigned runs = mutant == 0 ? 1 : kRuns;
    bool passed = true;
    for (unsigned run = 0; run < runs && passed; ++run) passed = RUN_ALL_TESTS() == 0;
    if (!passed && first->name.empty()) return "a test program that ended early";
    return first->name;
}

/// What `search` says in a child process: words for what it found, or nothing.
std::string in_child(const std::function<std::string()>& search) {
    constexpr unsigned kSecondsMax = 120;
    int pipe[2];
    if (::pipe(pipe) != 0) return "no pipe";
    std::fflush(stdout);  // or the child says it again
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(kSecondsMax);
        // Sanitizers' reports and tests' failures are what is looked for.
        if (std::freopen("/dev/null", "w", stdout) == nullptr ||
            std::freopen("/dev/null", "w", stderr) == nullptr) {
            ::_exit(1);
        }
        const std::string words = search();
        const bool written =
            ::write(pipe[1], words.data(), words.size()) == static_cast<ssize_t>(words.size());
        ::_exit(written ? 0 : 1);
    }
    ::close(pipe[1]);
    std::string words;
    char buffer[512];
    for (ssize_t got; (got = ::read(pipe[0], buffer, sizeof(buffer))) > 0;) {
        words.append(buffer, static_cast<usize>(got));
    }
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return "no child";
    return status == 0 ? words : "a crash";
}

struct Finder {
    std::string_view name;
    std::function<std::string()> search;
};

/// Returns how many faults were not found by all who must, or were found where there is none.
unsigned hunt(const std::vector<Finder>& finders) {
    unsigned failures = 0;
    for (const Finder& finder : finders) {
        const std::string words = in_child(finder.search);
        if (words.empty()) continue;
        std::printf("without a fault: %s: %s\n", finder.name.data(), words.c_str());
        ++failures;
    }
    for (const Mutant& planted : kMutants) {
        std::printf("%s\n", planted.name);
        mutant = planted.number;
        for (const Finder& finder : finders) {
            const bool must = planted.killers.find(finder.name) != std::string_view::npos;
            const std::string words = in_child(finder.search);
            const bool missed = must && words.empty();
            if (missed) ++failures;
            std::printf("  %-10s %s\n", finder.name.data(),
                        missed          ? "MISSES IT"
                        : words.empty() ? "-"
                                        : words.c_str());
        }
        mutant = 0;
    }
    std::printf("%zu faults, %u failures\n", std::size(kMutants), failures);
    return failures;
}

}  // namespace
}  // namespace interpreter_tests

int main(int count, char** words) {
    using namespace interpreter_tests;
    ::testing::InitGoogleTest(&count, words);
    GTEST_FLAG_SET(fail_fast, true);
    // QEMU runs once; each fault is held against what it left.
    const u64 seed = first_seed();
    Random random(seed);
    ProgramTrial programs(seed, 100);
    EncodingTrial short_ones(seed, all_compressed());
    EncodingTrial long_ones(seed, random_encodings(random, 50'000));
    const auto encodings = [&] {
        const std::string found = short_ones.compare();
        return found.empty() ? long_ones.compare() : found;
    };
    return hunt({{"unit", run_unit_tests},
                 {"programs", [&] { return programs.compare(); }},
                 {"encodings", encodings}}) == 0
               ? 0
               : 1;
}
