// Kernel stacks: a few at hand on each hart, the others made and unmade page by page.
#include "mm/kernel_stack.h"

#include "base/annotations.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "mm/frames.h"
#include "mm/internal.h"
#include "mm/stack_places.h"
#include "sync/spin_lock.h"

namespace kernel::mm {
namespace {

constexpr u32 kCachedMax = 4;
constexpr usize kStackPages = StackPlaces::kStackPages;

/// Mapped stacks that nobody uses. Its hart's, but for drop_cached_stacks(); hence the lock. Their
/// addresses are kept here and not in them, so that nothing touches them until they are used.
struct StackCache {
    sync::SpinLock<sync::LockRank::kKernelArea> lock;
    std::array<VirtAddr, kCachedMax> stacks GUARDED_BY(lock){};
    u32 count GUARDED_BY(lock) = 0;
};

struct Stacks {
    StackPlaces places;
    machine::PerHart<StackCache> caches;
    u32 cached_max = 0;  // const after initialize
    u32 harts = 1;       // const after initialize
};
constinit Stacks stacks;
static_assert(std::is_trivially_destructible_v<Stacks>);

/// A stack of some cache, or address 0.
VirtAddr take_from(StackCache& cache) {
    sync::IrqsOffGuard guard(cache.lock);
    if (cache.count == 0) return {};
    detail::page_classes.cached_stacks.sub(kStackPages);
    return cache.stacks[--cache.count];
}

/// Unmaps the lowest `pages` pages of a stack and frees them and its place. On return no hart
/// reaches them any more.
void unmake(VirtAddr base, usize pages) {
    for (usize i = 0; i < pages; ++i) {
        free_page(machine::unmap_kernel_page(base + i * kPageSize));
    }
    stacks.places.give_back(base);
}

Result<VirtAddr> make() {
    const VirtAddr base = TRY(stacks.places.take());
    for (usize i = 0; i < kStackPages; ++i) {
        Error error = Error::kNoMemory;
        Result<PhysAddr> page = allocate_page(PageFill::kAny);
        if (page.ok()) {
            const Result<void> mapped =
                machine::map_kernel_page(base + i * kPageSize, page.value());
            if (mapped.ok()) continue;
            error = mapped.error();
            free_page(page.value());
        }
        unmake(base, i);
        return error;
    }
    return base;
}

}  // namespace

void detail::initialize_stacks(const machine::BootInfo& boot) {
    stacks.~Stacks();
    ::new (&stacks) Stacks;
    stacks.places.initialize(machine::kernel_area());
    stacks.harts = std::min(boot.hart_count, machine::kMaxHarts);
    // All caches together hold no more than a sixteenth of memory.
    const u64 affordable = page_counts().total / 16 / stacks.harts / kStackPages;
    stacks.cached_max = static_cast<u32>(std::min<u64>(kCachedMax, affordable));
}

Result<KernelStack> KernelStack::create() {
    VirtAddr base;
    {
        const machine::InterruptsOff off;
        base = take_from(stacks.caches.mine());
    }
    if (base.value == 0) base = TRY(make());
    return KernelStack(base);
}

void KernelStack::give_back(VirtAddr base) {
    {
        const machine::InterruptsOff off;
        StackCache& cache = stacks.caches.mine();
        sync::IrqsOffGuard guard(cache.lock);
        if (cache.count < stacks.cached_max) {
            cache.stacks[cache.count++] = base;
            detail::page_classes.cached_stacks.add(kStackPages);
            return;
        }
    }
    unmake(base, kStackPages);
}

usize detail::drop_cached_stacks() {
    usize pages = 0;
    const machine::InterruptsOff off;
    for (u32 hart = 0; hart < stacks.harts; ++hart) {
        for (;;) {  // until this cache is empty
            const VirtAddr base = take_from(stacks.caches.of(hart));
            if (base.value == 0) break;
            unmake(base, kStackPages);
            pages += kStackPages;
        }
    }
    return pages;
}

bool is_stack_guard(VirtAddr address) { return stacks.places.is_guard(address); }

}  // namespace kernel::mm
