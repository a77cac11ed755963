// Waiting for a spin lock that another hart holds.
#include "base/panic.h"
#include "machine/clock.h"
#include "sync/held_locks.h"
#include "sync/spin_lock.h"

namespace kernel::sync {
namespace {

/// No section of the kernel is this long; whoever waits so long waits for ever.
constexpr Nanos kSpinLimit = nanos_from_seconds(20);
/// How long a panicking hart waits for a lock that a stopped hart may hold.
constexpr Nanos kPanicSpinLimit = nanos_from_millis(10);
/// Turns between looks at the clock.
constexpr u32 kTurnsPerLook = 1024;

}  // namespace

void SpinLockBase::wait_and_acquire(VirtAddr taker) NO_THREAD_SAFETY_ANALYSIS {
    const u32 me = machine::hart_index() + 1;
    u32 holder;
    do {
        if (!wait_until_free(taker)) {
            // [spin.word] release: breaks a stopped hart's lock in a panic; nothing pairs with it.
            word_.store(me, std::memory_order_release);
            break;
        }
        holder = 0;
        // [spin.word] acquire: as in acquire().
    } while (!word_.compare_exchange(holder, me, std::memory_order_acquire));
    detail::note_acquired(*this, taker);
}

bool SpinLockBase::wait_until_free(VirtAddr taker) const {
    const Nanos begun = machine::now();
    for (u32 turn = 1;; ++turn) {  // ends by the limit at the latest
        // relaxed: only a look; the exchange that follows orders.
        const u32 holder = word_.load(std::memory_order_relaxed);
        if (holder == 0) return true;
        machine::relax();
        if (turn % kTurnsPerLook != 0) continue;
        const Nanos waited = machine::now() - begun;
        if (panicking()) {
            if (waited > kPanicSpinLimit) return false;
        } else if (waited > kSpinLimit) {
            PANIC("hart {} has waited {} s at {:x} for a spin lock of rank {} held by hart {}",
                  machine::hart_index(), waited.seconds(), taker.value, rank_, holder - 1);
        }
    }
}

}  // namespace kernel::sync
