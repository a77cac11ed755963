// Two promises about every number the Pid hash gives out, over very many of them: it is nobody's,
// and it has rested.
//
// usage: numbers_test [ALLOCATIONS]    of each kind; else as PROCYON_TEST_TIER says
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace pid_proof {
namespace {

using namespace kernel;
using pid::BasicPidCells;
using pid::KernelAtomics;
using pid::PidOptions;
using pid::testing::TestMemory;

/// The kernel's atomics. A policy of our own, so that the hash is compiled here, optimised and
/// without sanitizers, and not taken from the library of the other tests.
struct Atomics : KernelAtomics {};
using Cells = BasicPidCells<Atomics>;

constexpr u32 kNumberBits = 10;
constexpr u32 kNumbers = 1 << kNumberBits;
constexpr Nanos kDelay = nanos_from_seconds(10);

[[noreturn]] void fail(const char* what, u32 number, u64 allocation) {
    std::printf("! number %u, allocation %llu: %s\n", number,
                static_cast<unsigned long long>(allocation), what);
    std::exit(1);
}

struct Run {
    u32 cell_bits;
    bool random;
    Nanos delay;
};

/// What users hold, kept apart from the hash: each number's references, and when it was dropped.
class Users {
public:
    Users(const Run& run, u64 allocations)
        : memory_(run.cell_bits), cells_(options(run)), run_(run), allocations_(allocations) {
        cells_.set_random(run.random ? kNumbers : 0);
    }

    void work() {
        for (u64 done = 0; done < allocations_; ++done) {
            take(done);
            // Loads from empty to full: how much is held wanders slowly.
            const u64 wanted = (done >> 12) % cells();
            while (held_.size() > wanted) drop(pick());
            if (random_() % 8 == 0) extra(done);
            if (run_.delay.value != 0) pass_time();
        }
    }
    u64 refused() const { return refused_; }
    u64 gated() const { return gated_; }
    u64 reuses() const { return reuses_; }

private:
    PidOptions options(const Run& run) const {
        PidOptions options = memory_.options(kNumberBits);
        options.reuse_delay = run.delay;
        // As many as are allowed: an eighth of the generations.
        options.harts = harts(run);
        return options;
    }
    static u32 harts(const Run& run) { return (kNumbers >> run.cell_bits) / 8; }

    void take(u64 done) {
        // Mostly hart 0, so that the others sit on windows of laps ago.
        const u32 hart = random_() % 64 == 0 ? static_cast<u32>(random_() % harts(run_)) : 0;
        Result<u32> outcome = cells_.allocate(hart, std::nullopt, 1, now_);
        // A second time if all that is free sat out the lap that the gate let in.
        u32 waits = too_soon(outcome) && !ready() ? 2 : 1;
        for (; waits != 0 && too_soon(outcome); --waits) {
            ++gated_;
            now_ = cells_.opens_at();
            outcome = cells_.allocate(hart, std::nullopt, 1, now_);
        }
        if (too_soon(outcome)) fail("too soon, again", 0, done);
        if (!outcome.ok()) {
            // All but cell 0 and cell 1, which allocate_first() alone gives in the first lap.
            if (held_.size() + 2 < cells()) fail("refused, but one is free", 0, done);
            ++refused_;
            return;
        }
        const u32 number = outcome.value();
        if (number == 0 || number >= kNumbers) fail("no such number", number, done);
        if (references_[number] != 0) fail("it is in use", number, done);
        if (dropped_[number] != 0) {
            ++reuses_;
            if (now_.value < dropped_[number] + run_.delay.value)
                fail("it has not rested", number, done);
        }
        references_[number] = 1;
        last_[number % cells()] = number;
        held_.push_back(number);
    }

    u32 cells() const { return u32{1} << run_.cell_bits; }
    static bool too_soon(const Result<u32>& outcome) {
        return !outcome.ok() && outcome.error() == Error::kPidTooSoon;
    }
    /// Whether the next number of some free cell is not a low one.
    bool ready() const {
        for (u32 cell = 1; cell < cells(); ++cell) {
            const u32 last = last_[cell];
            if (last != 0 && references_[last] == 0 && last + cells() < kNumbers) return true;
        }
        return false;
    }

    usize pick() { return random_() % held_.size(); }

    /// One holder leaves, or all do at once.
    void drop(usize which) {
        const u32 number = held_[which];
        const u32 count = references_[number] > 1 && random_() % 2 == 0 ? 1 : references_[number];
        references_[number] -= count;
        cells_.release(number, count);
        if (references_[number] != 0) return;
        dropped_[number] = now_.value;
        std::swap(held_[which], held_.back());
        held_.pop_back();
    }

    /// Somebody joins a number that is held, or finds that any other one is not.
    void extra(u64 done) {
        const u32 number = static_cast<u32>(random_() % kNumbers);
        if (cells_.acquire(number) != (references_[number] != 0))
            fail("acquire is wrong", number, done);
        if (references_[number] != 0) ++references_[number];
        if (cells_.references(number) != references_[number]) fail("count is wrong", number, done);
    }

    /// Mostly nothing, at times about the delay: the worst for a gate that looks at stamps.
    void pass_time() {
        const u32 dice = static_cast<u32>(random_() % 256);
        if (dice == 0) now_ = now_ + (kDelay - nanos_from_seconds(1));
        if (dice < 16) now_ = now_ + nanos_from_millis(random_() % 100);
    }

    TestMemory memory_;
    Cells cells_;
    Run run_;
    u64 allocations_;
    std::mt19937_64 random_{1};
    Nanos now_ = nanos_from_seconds(100);
    std::vector<u32> held_;
    std::array<u32, kNumbers> references_{};
    std::array<u64, kNumbers> dropped_{};
    std::array<u32, kNumbers> last_{};  // by cell: the number given last
    u64 refused_ = 0;
    u64 gated_ = 0;
    u64 reuses_ = 0;
};

void run(const char* what, const Run& run, u64 allocations) {
    const auto begin = std::chrono::steady_clock::now();
    Users users(run, allocations);
    users.work();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    std::printf(
        "  %u cells, %-27s %11llu allocations, %11llu reuses, %9llu full, %9llu gated, %6.1f s\n",
        1u << run.cell_bits, what, static_cast<unsigned long long>(allocations),
        static_cast<unsigned long long>(users.reuses()),
        static_cast<unsigned long long>(users.refused()),
        static_cast<unsigned long long>(users.gated()), time.count());
}

u64 allocations_wanted(int argc, char** argv) {
    if (argc > 1) return std::strtoull(argv[1], nullptr, 10);
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    return tier != nullptr && std::strcmp(tier, "long") == 0 ? 100'000'000 : 2'000'000;
}

}  // namespace
}  // namespace pid_proof

int main(int argc, char** argv) {
    using namespace pid_proof;
    const u64 allocations = allocations_wanted(argc, argv);
    run("in order", {6, false, Nanos{0}}, allocations);
    run("at random", {6, true, Nanos{0}}, allocations);
    run("in order", {7, false, Nanos{0}}, allocations);
    run("in order, 10 s of rest", {6, false, kDelay}, allocations);
    run("in order, 10 s of rest", {7, false, kDelay}, allocations);
    run("at random, 10 s of rest", {7, true, kDelay}, allocations);
    return 0;
}
