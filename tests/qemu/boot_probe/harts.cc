// Checks with every hart: they start, tick, take interrupts from each other, and see changes of the
// map.
#include "arch/riscv64/address_space.h"
#include "arch/riscv64/boot_pages.h"
#include "arch/riscv64/kernel_map.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "machine/upcalls.h"
#include "tests/qemu/boot_probe/probe.h"

namespace boot_probe {
namespace {

namespace machine = kernel::machine;
using kernel::Atomic;
using kernel::klog;
using kernel::Nanos;
using kernel::nanos_from_millis;
using kernel::nanos_from_seconds;
using kernel::PhysAddr;
using kernel::u32;
using kernel::u64;
using kernel::usize;
using kernel::VirtAddr;

constexpr u32 kTicks = 5;
constexpr Nanos kPeriod = nanos_from_millis(1);
constexpr Nanos kPatience = nanos_from_seconds(20);

struct PerHartCounts {
    Atomic<u32> ticks{0};      // atomic: [probe.count]
    Atomic<u32> ipis{0};       // atomic: [probe.count]
    Atomic<u32> exits{0};      // atomic: [probe.count]
    Atomic<u64> seen{0};       // atomic: [probe.count]
    Atomic<u32> too_early{0};  // atomic: [probe.count]
    Nanos alarm;               // hart-local
};
constinit machine::PerHart<PerHartCounts> counts;
constinit Atomic<u64> look_at{0};  // atomic: [probe.look]; 0: nothing to look at
constinit Atomic<u64> run_at{0};   // atomic: [probe.look]; 0: nothing to run

// relaxed (all counts): each is compared with a number; nothing else is read on the strength of it.
u32 read(const Atomic<u32>& count) { return count.load(std::memory_order_relaxed); }
void increment(Atomic<u32>& count) { count.fetch_add(1, std::memory_order_relaxed); }

void arm() {
    counts.mine().alarm = machine::now() + kPeriod;
    machine::set_alarm(counts.mine().alarm);
}

/// Waits, with interrupts taken in between, until `done()` or patience ends.
template <class Done>
bool wait_until(Done&& done) {
    const Nanos deadline = machine::now() + kPatience;
    while (!done()) {
        if (machine::now() > deadline) return false;
        machine::enable_interrupts();
        machine::relax();
        (void)machine::disable_interrupts();  // ignored: they were on
    }
    return true;
}

template <class Holds>
bool every_hart(Holds&& holds) {
    for (u32 i = 0; i < machine::hart_count(); ++i) {
        if (!holds(counts.of(i))) return false;
    }
    return true;
}

/// Every hart finds out what is at the address that `what` is told: reads the word there, or runs
/// it; whether all come to `expected`.
bool everyone_finds(Atomic<u64>& what, VirtAddr at, u64 expected) {
    for (u32 i = 0; i < machine::hart_count(); ++i) {
        counts.of(i).seen.store(0, std::memory_order_relaxed);
    }
    // [probe.look] release: the page was written and mapped; pairs with acquire in ipi().
    what.store(at.value, std::memory_order_release);
    for (u32 i = 0; i < machine::hart_count(); ++i) machine::send_ipi(i);
    const bool found = wait_until([&] {
        return every_hart([&](const PerHartCounts& count) {
            return count.seen.load(std::memory_order_relaxed) == expected;
        });
    });
    // relaxed: all harts have answered, or the probe has failed.
    what.store(0, std::memory_order_relaxed);
    return found;
}

alignas(kernel::kPageSize) std::byte two_pages[2][kernel::kPageSize];

/// One address leads to one page, then to another: a hart that kept the old translation is found.
void check_remapping() {
    const VirtAddr at = machine::kernel_area().start + 5 * kernel::kPageSize;
    bool mapped = true;
    bool seen = true;
    bool returned = true;
    for (usize round = 0; round < 4; ++round) {
        std::byte* page = two_pages[round % 2];
        const PhysAddr physical = arch::riscv64::image_physical(VirtAddr::of(page));
        const u64 value = 0x1000 + round;
        *VirtAddr::of(page).as<volatile u64>() = value;
        mapped = mapped && machine::map_kernel_page(at, physical).ok();
        seen = seen && everyone_finds(look_at, at, value);
        returned = returned && machine::unmap_kernel_page(at) == physical;
        machine::shoot_down_kernel_pages();
    }
    check(mapped && returned, "pages of the kernel area are mapped and unmapped");
    check(seen, "every hart sees each change");
}

/// Writes a function that returns `value` to `page`: li a0, value; ret.
void write_function(std::byte* page, u32 value) {
    constexpr u32 kLoadImmediate = 0x00000513;  // addi a0, zero, 0
    constexpr u32 kReturn = 0x00008067;
    auto* code = VirtAddr::of(page).as<volatile u32>();
    code[0] = kLoadImmediate | value << 20;
    code[1] = kReturn;
}

/// One page of code is written again and again, and run by every hart each time. A hart that runs
/// what it fetched before is found, where the machine keeps what it fetched: QEMU does not.
void check_published_code() {
    namespace sv39 = arch::riscv64::sv39;
    const VirtAddr at = machine::kernel_area().start + 7 * kernel::kPageSize;
    std::byte* page = two_pages[0];
    const kernel::Result<void> mapped =
        arch::riscv64::kernel_tables().map({.at = at,
                                            .to = arch::riscv64::image_physical(VirtAddr::of(page)),
                                            .size = kernel::kPageSize,
                                            .access = sv39::Access::kReadExecute},
                                           sv39::LeafLimit::kPage, arch::riscv64::take_boot_page);
    bool run = mapped.ok();
    for (u32 round = 1; run && round <= 4; ++round) {
        write_function(page, 0x100 + round);
        machine::publish_code(at, 2 * sizeof(u32));
        run = everyone_finds(run_at, at, 0x100 + round);
    }
    check(run, "every hart runs the code that was published last");
}

}  // namespace

void check_harts() {
    const u32 asked = machine::start_other_harts();
    check(asked + 1 == machine::hart_count(), "every other hart was asked to start");
    arm();
    check(wait_until([] {
              return every_hart([](const PerHartCounts& c) { return read(c.ticks) >= kTicks; });
          }),
          "every hart ticks");
    check(every_hart([](const PerHartCounts& c) { return read(c.too_early) == 0; }),
          "no alarm comes early");
    bool all = true;
    for (u32 i = 0; i < machine::hart_count(); ++i) {
        const u32 before = read(counts.of(i).ipis);
        machine::send_ipi(i);
        all = all && wait_until([&] { return read(counts.of(i).ipis) > before; });
    }
    check(all, "every hart takes an interrupt from the boot hart");
    check(every_hart([](const PerHartCounts& c) { return read(c.exits) >= read(c.ticks); }),
          "each interrupt has its exit");
    check_remapping();
    check_published_code();
    // Waiting: an alarm must end it.
    machine::set_alarm(machine::now() + kPeriod);
    const Nanos before = machine::now();
    machine::wait_for_interrupt();
    machine::enable_interrupts();
    (void)machine::disable_interrupts();  // ignored: just turned on
    check(machine::now() - before < kPatience, "waiting for an interrupt ends");
}

}  // namespace boot_probe

namespace kernel::machine::upcalls {

using boot_probe::counts;

void hart_main() {
    boot_probe::arm();
    for (;;) {  // intended: until the boot hart switches the machine off
        wait_for_interrupt();
        enable_interrupts();
        (void)disable_interrupts();  // ignored: just turned on
    }
}

void timer() {
    auto& mine = counts.mine();
    if (now() < mine.alarm) boot_probe::increment(mine.too_early);
    boot_probe::increment(mine.ticks);
    if (boot_probe::read(mine.ticks) < boot_probe::kTicks) boot_probe::arm();
}

void ipi() {
    auto& mine = counts.mine();
    // [probe.look] acquire (both): pairs with release in everyone_finds().
    const u64 word = boot_probe::look_at.load(std::memory_order_acquire);
    const u64 function = boot_probe::run_at.load(std::memory_order_acquire);
    // relaxed (both): a number to compare.
    if (word != 0) mine.seen.store(*VirtAddr{word}.as<volatile u64>(), std::memory_order_relaxed);
    if (function != 0) {
        mine.seen.store(reinterpret_cast<u64 (*)()>(function)(), std::memory_order_relaxed);
    }
    boot_probe::increment(mine.ipis);
}

void interrupt_exit() { boot_probe::increment(counts.mine().exits); }

}  // namespace kernel::machine::upcalls
