// A bump allocator over one run of memory, preferably right behind the image.
#include "arch/riscv64/boot_pages.h"

#include "base/assert.h"
#include "machine/memory.h"

namespace arch::riscv64 {
namespace {

/// Tables that device mappings and the first kernel stacks may need before mm takes over.
constexpr u64 kLateReserve = 8 * kPageSize;

// Boot hart only, until close_boot_pages(); then what is left is taken under the callers' own
// order.
constinit PhysRange run;
constinit Atomic<u64> next_page{0};  // atomic: [boot.pages]
constinit Atomic<u64> run_end{0};    // atomic: [boot.pages]

/// Calls visit(PhysRange) for each gap of `machine`'s memory that is not reserved, inside `window`.
template <class Visit>
void for_each_gap(const boot::MachineDescription& machine, PhysRange window, Visit&& visit) {
    for (const PhysRange& memory : machine.memory.ranges()) {
        u64 at = std::max(memory.start.value, window.start.value);
        const u64 end = std::min(memory.end().value, window.end().value);
        for (const PhysRange& taken : machine.reserved.ranges()) {
            if (at >= end) break;
            if (taken.end().value <= at || taken.start.value >= end) continue;
            if (taken.start.value > at) {
                visit(PhysRange{.start = {at}, .size = taken.start.value - at});
            }
            at = taken.end().value;
        }
        if (at < end) visit(PhysRange{.start = {at}, .size = end - at});
    }
}

}  // namespace

void open_boot_pages(const boot::MachineDescription& machine, usize pages) {
    const u64 needed = pages * kPageSize + kLateReserve;
    // The early map has the gigapage of the image (see boot/entry.S).
    const PhysAddr image = machine.image.start;
    const PhysRange window{.start = {kernel::align_down(image.value, kernel::kGiB)},
                           .size = kernel::kGiB};
    PhysRange best;
    for_each_gap(machine, window, [&](const PhysRange& gap) {
        const bool best_serves = best.start > image && best.size >= needed;
        if (!best_serves && (gap.size > best.size || (gap.start > image && gap.size >= needed))) {
            best = gap;
        }
    });
    if (best.size < needed) {
        PANIC("no room for the kernel's page tables: {} KiB needed, {} KiB in one piece",
              needed / kernel::kKiB, best.size / kernel::kKiB);
    }
    run = best;
    // relaxed (both): one hart runs.
    next_page.store(best.start.value, std::memory_order_relaxed);
    run_end.store(best.end().value, std::memory_order_relaxed);
}

Result<PhysAddr> take_boot_page() {
    // relaxed: each caller gets a page of its own; the page's content is ordered by its user.
    const u64 page = next_page.fetch_add(kPageSize, std::memory_order_relaxed);
    // relaxed: set before any other hart ran.
    if (page >= run_end.load(std::memory_order_relaxed)) return Error::kNoMemory;
    std::memset(kernel::machine::direct_map({page}).as<void>(), 0, kPageSize);
    return PhysAddr{page};
}

void close_boot_pages(boot::MachineDescription& machine) {
    // relaxed (both): one hart runs.
    const u64 end = next_page.load(std::memory_order_relaxed) + kLateReserve;
    ASSERT(end <= run.end().value);
    run_end.store(end, std::memory_order_relaxed);
    if (!machine.reserved.add({.start = run.start, .size = end - run.start.value})) {
        PANIC("more runs of reserved memory than the {} there is room for",
              kernel::machine::kMaxReservedRanges);
    }
    machine.info.reserved = machine.reserved.ranges();
}

}  // namespace arch::riscv64
