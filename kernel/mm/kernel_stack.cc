// Kernel stacks: a few at hand on each hart, more in a pool for all; beyond that they are made and
// unmade page by page.
#include "mm/kernel_stack.h"

#include "base/annotations.h"
#include "base/late.h"
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

/// Mapped stacks that the caches had no room for: a shootdown interrupts every hart, so a burst of
/// processes that end must not do it for each. Each begins with the address of the next.
struct StackPool {
    sync::SpinLock<sync::LockRank::kKernelArea> lock;
    VirtAddr first GUARDED_BY(lock){};
    u32 count GUARDED_BY(lock) = 0;
};

struct Stacks {
    StackPlaces places;
    machine::PerHart<StackCache> caches;
    StackPool pool;
    u32 cached_max = 0;  // const after initialize
    u32 pooled_max = 0;  // const after initialize
    u32 harts = 1;       // const after initialize
};
constinit Late<Stacks> stacks;
static_assert(std::is_trivially_destructible_v<Stacks>);

/// A stack of some cache, or address 0.
VirtAddr take_from(StackCache& cache) {
    sync::IrqsOffGuard guard(cache.lock);
    if (cache.count == 0) return {};
    detail::page_classes.cached_stacks.sub(kStackPages);
    return cache.stacks[--cache.count];
}

/// A stack of the pool, or address 0.
VirtAddr take_from_pool() {
    sync::IrqSaveGuard guard(stacks->pool.lock);
    const VirtAddr base = stacks->pool.first;
    if (base.value == 0) return base;
    stacks->pool.first = *base.as<const VirtAddr>();
    --stacks->pool.count;
    detail::page_classes.cached_stacks.sub(kStackPages);
    return base;
}

/// Keeps a stack; false if there are as many as may be.
bool put_into_pool(VirtAddr base) {
    sync::IrqSaveGuard guard(stacks->pool.lock);
    if (stacks->pool.count >= stacks->pooled_max) return false;
    ::new (base.as<void>()) VirtAddr(stacks->pool.first);
    stacks->pool.first = base;
    ++stacks->pool.count;
    detail::page_classes.cached_stacks.add(kStackPages);
    return true;
}

/// Stacks that are unmapped and freed together, after one shootdown for all of them.
class Bunch : Pinned {
public:
    static constexpr usize kMost = 16;

    Bunch() = default;
    ~Bunch() { flush(); }

    /// Takes what is mapped of a stack: its lowest `pages` pages.
    void add(VirtAddr base, usize pages = kStackPages) {
        if (count_ == kMost) flush();
        bases_[count_++] = base;
        for (usize i = 0; i < pages; ++i) {
            pages_[page_count_++] = machine::unmap_kernel_page(base + i * kPageSize);
        }
    }

private:
    void flush() {
        if (count_ == 0) return;
        if (page_count_ > 0) machine::shoot_down_kernel_pages();
        while (page_count_ > 0) free_page(pages_[--page_count_]);
        while (count_ > 0) stacks->places.give_back(bases_[--count_]);
    }

    std::array<VirtAddr, kMost> bases_;
    std::array<PhysAddr, kMost * kStackPages> pages_;
    usize count_ = 0;
    usize page_count_ = 0;
};

Result<VirtAddr> make() {
    const VirtAddr base = TRY(stacks->places.take());
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
        Bunch().add(base, i);
        return error;
    }
    return base;
}

}  // namespace

void detail::initialize_stacks(const machine::BootInfo& boot) {
    stacks.make();
    stacks->places.initialize(machine::kernel_area());
    stacks->harts = std::min(boot.hart_count, machine::kMaxHarts);
    // All that is kept is no more than a sixteenth of memory.
    const u64 affordable = page_counts().total / 16 / kStackPages;
    stacks->cached_max = static_cast<u32>(std::min<u64>(kCachedMax, affordable / stacks->harts));
    stacks->pooled_max = static_cast<u32>(affordable - stacks->cached_max * stacks->harts);
}

Result<KernelStack> KernelStack::create() {
    VirtAddr base;
    {
        const machine::InterruptsOff off;
        base = take_from(stacks->caches.mine());
    }
    if (base.value == 0) base = take_from_pool();
    if (base.value == 0) base = TRY(make());
    return KernelStack(base);
}

void KernelStack::give_back(VirtAddr base) {
    {
        const machine::InterruptsOff off;
        StackCache& cache = stacks->caches.mine();
        sync::IrqsOffGuard guard(cache.lock);
        if (cache.count < stacks->cached_max) {
            cache.stacks[cache.count++] = base;
            detail::page_classes.cached_stacks.add(kStackPages);
            return;
        }
    }
    if (put_into_pool(base)) return;
    // Room for the next ones is made at the same price.
    Bunch bunch;
    bunch.add(base);
    for (usize i = 1; i < Bunch::kMost; ++i) {
        const VirtAddr another = take_from_pool();
        if (another.value == 0) break;
        bunch.add(another);
    }
}

usize detail::drop_cached_stacks(usize most) {
    usize dropped = 0;
    const machine::InterruptsOff off;
    Bunch bunch;
    const auto drop = [&](VirtAddr base) {
        if (base.value == 0) return false;
        bunch.add(base);
        ++dropped;
        return true;
    };
    for (u32 hart = 0; hart < stacks->harts; ++hart) {
        while (dropped < most && drop(take_from(stacks->caches.of(hart)))) continue;
    }
    while (dropped < most && drop(take_from_pool())) continue;
    return dropped;
}

bool is_stack_guard(VirtAddr address) { return stacks->places.is_guard(address); }

}  // namespace kernel::mm
