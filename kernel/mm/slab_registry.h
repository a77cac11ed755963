// SlabRegistry: the list of all object caches, for statistics and reclaim.
#pragma once

#include "base/annotations.h"
#include "base/std.h"
#include "mm/slab_cache.h"
#include "sync/spin_lock.h"

namespace kernel::mm {

/// Caches enter when they first need pages, and leave only by shut_down().
class SlabRegistry : Pinned {
public:
    constexpr SlabRegistry() = default;

    void add(SlabCache& cache);
    void remove(SlabCache& cache);
    /// The `index`-th in order of arrival, or null. Not protected from a later remove(): who may
    /// meet one that is shut down asks for none.
    SlabCache* at(usize index);
    /// Empties the list and makes every cache on it forget what it held. Context: boot.
    void forget_all();

private:
    sync::SpinLock<sync::LockRank::kSlabList> lock_;
    SlabCache* first_ GUARDED_BY(lock_) = nullptr;
};

extern SlabRegistry slab_registry;

}  // namespace kernel::mm
