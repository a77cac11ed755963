// Memory, reuse distance, the reuse delay, and the worst allocation.
#include "tests/bench/pid/facts.h"

#include <time.h>

#include <algorithm>
#include <random>
#include <vector>

#include "base/units.h"
#include "pid/pid_cells.h"
#include "tests/bench/pid/stopwatch.h"
#include "tests/bench/pid/table.h"

namespace bench {
namespace {

using kernel::Nanos;
using kernel::pid::PidCells;
using kernel::pid::PidOptions;
using kernel::pid::PidSize;

struct Hash {
    Hash(u32 cell_bits, u32 number_bits, Nanos delay)
        : cell_memory(usize{1} << cell_bits),
          hint_memory(PidSize{cell_bits}.hint_bytes() / sizeof(u64)),
          cells(options(cell_bits, number_bits, delay)) {}

    PidOptions options(u32 cell_bits, u32 number_bits, Nanos delay) const {
        PidOptions options;
        options.size = {cell_bits};
        options.cells = {cell_memory.bytes(), options.size.cell_bytes()};
        options.hints = {hint_memory.bytes(), options.size.hint_bytes()};
        options.harts = kThreads;  // as in the rows: windows are larger for two
        options.number_bits = number_bits;
        options.reuse_delay = delay;
        return options;
    }

    HugeArray<u64> cell_memory;
    HugeArray<u64> hint_memory;
    PidCells cells;
};

u32 must_allocate(PidCells& cells, Nanos now) {
    const auto number = cells.allocate(0, 0, 1, now);
    if (number.ok()) return number.value();
    std::fputs("facts: a table with free numbers gave none\n", stderr);
    std::exit(1);
}

double thread_ns() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

void print_memory() {
    double worst_cell = 0;
    for (u32 bits = 9; bits <= 22; ++bits) {
        const PidSize size{bits};
        const double bytes = static_cast<double>(size.cell_bytes() + size.hint_bytes());
        worst_cell = std::max(worst_cell, bytes / size.cells());
    }
    std::printf("bytes_per_cell %.4f\n", worst_cell);
    // Every size of machine from 8 MiB to 256 GiB, in steps of less than 1 %.
    double worst_part = 0;
    for (u64 memory = 8 * kernel::kMiB; memory < 256 * kernel::kGiB; memory += memory / 128) {
        const PidSize size = PidSize::for_memory(memory);
        worst_part =
            std::max(worst_part, static_cast<double>(size.cell_bytes() + size.hint_bytes()) /
                                     static_cast<double>(memory));
    }
    std::printf("memory_percent %.4f\n", 100 * worst_part);
}

/// Three quarters of 2^10 cells live, number 1 among them as everywhere: after how many allocations
/// does a number return?
class ReuseDistance {
public:
    ReuseDistance() {
        live_.push_back(hash_.cells.allocate_first(0, 1).value());
        while (live_.size() < kCells * 3 / 4) live_.push_back(must_allocate(hash_.cells, {}));
        free_ = hash_.cells.counters().capacity - live_.size();
    }
    /// What begins ends at once: the same few cells are used over and over.
    void end_the_newest(u64 uses) {
        while (uses-- != 0) hash_.cells.exit(use(), 0, 1);
    }
    /// One of all that live ends, and another begins; numbers are given at random.
    void end_any(u64 uses) {
        hash_.cells.set_random(1000);
        std::mt19937 random(1);
        while (uses-- != 0) {
            u32& number = live_[random() % live_.size()];
            hash_.cells.exit(number, 0, 1);
            number = use();
        }
    }
    u64 shortest() const { return shortest_; }
    u64 bound() const { return (u64{1} << kNumberBits) / kCells * free_; }

private:
    static constexpr u32 kCellBits = 10;
    static constexpr u32 kCells = u32{1} << kCellBits;
    static constexpr u32 kNumberBits = 16;

    u32 use() {
        const u32 number = must_allocate(hash_.cells, {});
        u64& last = last_[number];
        if (last != 0) shortest_ = std::min(shortest_, uses_ - last);
        last = uses_++;
        return number;
    }

    Hash hash_{kCellBits, kNumberBits, Nanos{0}};
    std::vector<u32> live_;
    u64 free_ = 0;
    u64 uses_ = 1;
    u64 shortest_ = ~u64{0};
    std::vector<u64> last_ = std::vector<u64>(usize{1} << kNumberBits, 0);
};

void print_reuse_distance(u64 uses) {
    ReuseDistance in_order;
    in_order.end_the_newest(uses);
    ReuseDistance at_random;
    at_random.end_any(uses);
    std::printf(
        "reuse_distance %llu\nreuse_distance_bound %llu\n",
        static_cast<unsigned long long>(std::min(in_order.shortest(), at_random.shortest())),
        static_cast<unsigned long long>(in_order.bound()));
}

/// The clock moves 1 us an allocation, and to the gate's opening when that is shut: how long was a
/// number unused at the least?
void print_reuse_time(u64 uses) {
    constexpr u32 kCellBits = 10;
    constexpr u32 kNumberBits = 16;
    Hash hash(kCellBits, kNumberBits, kernel::nanos_from_seconds(10));
    std::vector<u64> ended(usize{1} << kNumberBits, 0);
    u64 shortest = ~u64{0};
    Nanos now = kernel::nanos_from_seconds(1);
    for (u64 use = 0; use < uses; ++use) {
        now += kernel::nanos_from_micros(1);
        auto number = hash.cells.allocate(0, 0, 1, now);
        if (!number.ok()) {
            now = hash.cells.opens_at();
            number = hash.cells.allocate(0, 0, 1, now);
        }
        if (!number.ok()) {
            std::fputs("facts: the gate is shut when it says that it is open\n", stderr);
            std::exit(1);
        }
        u64& end = ended[number.value()];
        if (end != 0) shortest = std::min(shortest, now.value - end);
        hash.cells.exit(number.value(), 0, 1);
        end = now.value;
    }
    std::printf("reuse_seconds %.3f\n", static_cast<double>(shortest) * 1e-9);
}

/// 3/4 of the cells held in a row, which one allocation in each lap must cross. Each lap does the
/// same, so an allocation's time is its shortest over the laps: the host interrupts at times, but
/// not at the same place again.
void print_worst_allocation(u32 cell_bits, u32 laps) {
    Hash hash(cell_bits, kernel::pid::kNumberBits, kernel::nanos_from_seconds(10));
    Nanos now = kernel::nanos_from_seconds(1);
    for (u32 i = 0; i < (u32{1} << cell_bits) / 4 * 3; ++i) must_allocate(hash.cells, now);
    const u32 free_cells = hash.cells.counters().capacity - hash.cells.counters().live;
    std::vector<double> shortest(free_cells, 1e12);
    // The first lap is not counted: cells are used for the first time, and windows found full.
    for (u32 lap = 0; lap <= laps; ++lap) {
        now += kernel::nanos_from_seconds(60);
        for (double& least : shortest) {
            const double before = thread_ns();
            const u32 number = must_allocate(hash.cells, now);
            const double took = thread_ns() - before;
            if (lap != 0) least = std::min(least, took);
            hash.cells.exit(number, 0, 1);
        }
    }
    std::printf("worst_allocation_us %.2f\n",
                *std::max_element(shortest.begin(), shortest.end()) / 1000);
}

}  // namespace

void print_facts(bool smoke) {
    pin(0);
    print_memory();
    print_reuse_distance(smoke ? 200'000 : 20'000'000);
    print_reuse_time(smoke ? 200'000 : 20'000'000);
    print_worst_allocation(smoke ? 16 : 22, smoke ? 3 : 7);
}

}  // namespace bench
