// Reclaiming: mm's own stores first, then whoever registered.
#include "mm/reclaim.h"

#include "base/annotations.h"
#include "base/assert.h"
#include "machine/interrupts.h"
#include "mm/internal.h"
#include "mm/slab_cache.h"
#include "sync/held_locks.h"
#include "sync/spin_lock.h"

namespace kernel::mm {
namespace {

/// The lock is held while reclaimers run: who comes meanwhile waits and then finds memory, and a
/// reclaimer that allocates is not asked again (a spin lock is held).
struct Reclaimers {
    sync::SpinLock<sync::LockRank::kReclaim> lock;
    Reclaimer* first GUARDED_BY(lock) = nullptr;
};
constinit Reclaimers reclaimers;

}  // namespace

void detail::initialize_reclaim() {
    reclaimers.~Reclaimers();
    ::new (&reclaimers) Reclaimers;
}

void add_reclaimer(Reclaimer& reclaimer) {
    sync::IrqSaveGuard guard(reclaimers.lock);
    reclaimer.next = nullptr;
    Reclaimer** at = &reclaimers.first;
    while (*at != nullptr) {
        ASSERT(*at != &reclaimer);
        at = &(*at)->next;
    }
    *at = &reclaimer;
}

void remove_reclaimer(Reclaimer& reclaimer) {
    sync::IrqSaveGuard guard(reclaimers.lock);
    Reclaimer** at = &reclaimers.first;
    while (*at != &reclaimer) {
        ASSERT(*at != nullptr);
        at = &(*at)->next;
    }
    *at = reclaimer.next;
}

bool reclaim_memory(usize pages) {
    const machine::InterruptsOff off;
    if (sync::held_spin_locks() != 0) return false;
    sync::IrqsOffGuard guard(reclaimers.lock);
    if (detail::drop_cached_stacks() != 0) return true;
    if (shrink_all_caches() != 0) return true;
    for (Reclaimer* at = reclaimers.first; at != nullptr; at = at->next) {
        if (at->reclaim(pages)) return true;
    }
    return false;
}

}  // namespace kernel::mm
