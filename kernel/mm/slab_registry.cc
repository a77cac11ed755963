// The list of all object caches.
#include "mm/slab_registry.h"

#include "base/assert.h"
#include "mm/internal.h"

namespace kernel::mm {

constinit SlabRegistry slab_registry;

void SlabRegistry::add(SlabCache& cache) {
    sync::IrqSaveGuard guard(lock_);
    // relaxed (both): under the lock; the look without it in grow() only saves taking it.
    if (cache.registered_.load(std::memory_order_relaxed) != 0) return;
    cache.registered_.store(1, std::memory_order_relaxed);
    if (MagazinePlaces* const places = cache.options_.places; places != nullptr) {
        ASSERT(places->owner == nullptr);  // there is one cache of a type
        places->owner = &cache;
    }
    cache.next_ = nullptr;
    SlabCache** at = &first_;
    while (*at != nullptr) at = &(*at)->next_;
    *at = &cache;
}

void SlabRegistry::remove(SlabCache& cache) {
    sync::IrqSaveGuard guard(lock_);
    // relaxed (both): under the lock.
    if (cache.registered_.load(std::memory_order_relaxed) == 0) return;
    cache.registered_.store(0, std::memory_order_relaxed);
    if (cache.options_.places != nullptr) cache.options_.places->owner = nullptr;
    SlabCache** at = &first_;
    while (*at != &cache) at = &(*at)->next_;
    *at = cache.next_;
}

SlabCache* SlabRegistry::at(usize index) {
    sync::IrqSaveGuard guard(lock_);
    SlabCache* cache = first_;
    for (; cache != nullptr && index > 0; --index) cache = cache->next_;
    return cache;
}

void SlabRegistry::forget_all() {
    // The last machine may have stopped with the lock held.
    lock_.~SpinLock();
    ::new (&lock_) sync::SpinLock<sync::LockRank::kSlabList>;
    sync::IrqSaveGuard guard(lock_);
    while (first_ != nullptr) {
        SlabCache& cache = *first_;
        first_ = cache.next_;
        cache.forget();
    }
}

void detail::forget_all_caches() { slab_registry.forget_all(); }

std::optional<SlabStats> slab_stats(usize index) {
    SlabCache* cache = slab_registry.at(index);
    if (cache == nullptr) return std::nullopt;
    return cache->stats();
}

usize shrink_all_caches() {
    usize pages = 0;
    for (usize index = 0;; ++index) {  // ends with the list
        SlabCache* cache = slab_registry.at(index);
        if (cache == nullptr) return pages;
        pages += cache->shrink();
    }
}

}  // namespace kernel::mm
