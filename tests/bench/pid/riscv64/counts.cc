// pid_counts: an image that does each operation of the Pid hash many times, for counts_test.py to
// count.
#include "base/late.h"
#include "base/log.h"
#include "machine/clock.h"
#include "machine/power.h"
#include "machine/upcalls.h"
#include "pid/pid_cells.h"

namespace {

using kernel::Nanos;
using kernel::u32;
using kernel::u64;
using kernel::pid::PidCells;
using kernel::pid::PidOptions;
using kernel::pid::PidSize;

constexpr PidSize kSize{12};
constexpr u32 kLive = 1000;
constexpr u32 kTimes = 10'000;
alignas(4096) constinit std::byte cell_memory[kSize.cell_bytes()];
alignas(64) constinit std::byte hint_memory[kSize.hint_bytes()];
constinit u32 live[kLive];
constinit kernel::Late<PidCells> made;

/// With --icount an instruction is a nanosecond, and the clock counts them.
template <class Operation>
u64 time_of(Operation operation) {
    operation(0);  // what is done once is done
    const Nanos begin = kernel::machine::now();
    for (u32 i = 0; i < kTimes; ++i) {
        operation(i);
        asm volatile("" ::: "memory");  // one at a time
    }
    return (kernel::machine::now() - begin).value;
}

template <class Operation>
void count(std::string_view name, Operation operation) {
    const u64 loop = time_of([](u32 i) { asm volatile("" ::"r"(i)); });
    kernel::klog("count {} {} {}", name, time_of(operation) - loop, kTimes);
}

/// What is found is used, or nobody would look it up.
void use(std::optional<kernel::pid::SlotHint> hint) {
    if (hint) asm volatile("" ::"r"(hint->slot));
}

void count_all() {
    PidOptions options;
    options.size = kSize;
    options.cells = cell_memory;
    options.hints = hint_memory;
    options.reuse_delay = Nanos{0};
    PidCells& cells = made.make(options);
    for (u32 i = 0; i < kLive; ++i) live[i] = cells.allocate(0, i, 1, {}).value();
    const u32 gone = cells.allocate(0, kLive, 1, {}).value();
    cells.exit(gone, kLive, 1);

    const auto number = [](u32 i) { return live[i % 512]; };
    const u64 pick = time_of([&](u32 i) { asm volatile("" ::"r"(number(i))); });
    const u64 loop = time_of([](u32 i) { asm volatile("" ::"r"(i)); });
    kernel::klog("count pick {} {}", pick - loop, kTimes);
    count("lookup_hit", [&](u32 i) { use(cells.lookup(number(i))); });
    count("lookup_miss", [&](u32) { use(cells.lookup(gone)); });
    count("acquire_release", [&](u32 i) {
        if (cells.acquire(number(i))) cells.release(number(i), 1);
    });
    count("dup_release", [&](u32 i) {
        cells.dup(number(i));
        cells.release(number(i), 1);
    });
    count("allocate_release",
          [&](u32) { cells.release(cells.allocate(0, std::nullopt, 1, {}).value(), 1); });
    count("allocate_bind_exit", [&](u32) {
        const u32 fresh = cells.allocate(0, std::nullopt, 1, {}).value();
        cells.bind(fresh, kLive);
        cells.exit(fresh, kLive, 1);
    });
    // All of them, once for each call; so each live number is met this often.
    const u64 before = kernel::machine::now().value;
    u32 met = 0;
    for (u32 turn = 0; turn < 10; ++turn) {
        for (auto at = cells.next_live(0); at; at = cells.next_live(at->next)) ++met;
    }
    kernel::klog("count next_live {} {}", kernel::machine::now().value - before, met);
}

}  // namespace

namespace kernel::machine::upcalls {

void boot_main() {
    count_all();
    klog("DONE");
    power_off(0);
}

// The boot hart counts with interrupts off; nothing else runs.
void hart_main() { PANIC("a second hart was started"); }
void timer() { PANIC("a timer was never set"); }
void ipi() { PANIC("nobody else is there to interrupt"); }
void external(IrqLine line) { PANIC("device line {} was never enabled", line); }
void interrupt_exit() {}
void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address) {
    PANIC("{} at {:x}, address {:x}", what, where.value, address.value);
}

}  // namespace kernel::machine::upcalls
