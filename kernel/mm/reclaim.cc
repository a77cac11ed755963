// Reclaiming: mm's own stores first, then whoever registered.
#include "mm/reclaim.h"

#include "base/annotations.h"
#include "base/assert.h"
#include "base/atomic.h"
#include "machine/interrupts.h"
#include "mm/internal.h"
#include "mm/slab_cache.h"
#include "sync/held_locks.h"
#include "sync/spin_lock.h"

namespace kernel::mm {
namespace {

/// The lock is held while reclaimers run, so one that allocates is not asked again (a spin lock is
/// held). That takes long where many ask: who comes meanwhile waits for `busy`, with interrupts on
/// between his looks if they were on before, lest his hart seem to hang. Who is busy is neither
/// preempted nor interrupted.
struct Reclaimers {
    Atomic<u32> busy{0};  // atomic: [reclaim.busy] whether somebody reclaims
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

namespace {

/// Asks those who are not mm's stacks in turn. Interrupts off.
bool ask_others(usize pages) {
    const sync::IrqsOffGuard guard(reclaimers.lock);
    if (shrink_all_caches() != 0) return true;
    for (Reclaimer* at = reclaimers.first; at != nullptr; at = at->next) {
        if (at->reclaim(pages)) return true;
    }
    return false;
}

/// What `work` returns, done by nobody else meanwhile and with interrupts off; false if a spin lock
/// is held.
template <class Work>
bool in_turn(Work&& work) {
    for (;;) {  // ends with a turn of its own: nobody is busy for ever
        {
            const machine::InterruptsOff off;
            if (sync::held_spin_locks() != 0) return false;
            // [reclaim.busy] acquire: pairs with release below: what came free is seen.
            if (reclaimers.busy.exchange(1, std::memory_order_acquire) == 0) {
                const bool any = work();
                // [reclaim.busy] release: pairs with acquire above.
                reclaimers.busy.store(0, std::memory_order_release);
                return any;
            }
        }
        machine::relax();
    }
}

}  // namespace

bool reclaim_memory(usize pages) {
    // Stacks are wanted again soon, and dear to map: for one page not all are dropped. Where they
    // are, it is done in parts, so that interrupts come between.
    const usize at_once = pages == 1 ? 8 : 16;
    bool any = false;
    while (in_turn([at_once] { return detail::drop_cached_stacks(at_once) != 0; })) {
        any = true;
        if (pages == 1) break;
    }
    return any || in_turn([pages] { return ask_others(pages); });
}

}  // namespace kernel::mm
