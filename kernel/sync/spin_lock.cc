// Taking and releasing a spin lock.
#include "sync/spin_lock.h"

#include "base/panic.h"
#include "machine/clock.h"
#include "sync/held_locks.h"

namespace kernel::sync {
namespace {

/// No section of the kernel is this long; whoever waits so long waits for ever.
constexpr Nanos kSpinLimit = nanos_from_seconds(20);
/// How long a panicking hart waits for a lock that a stopped hart may hold.
constexpr Nanos kPanicSpinLimit = nanos_from_millis(10);
/// Turns between looks at the clock.
constexpr u32 kTurnsPerLook = 1024;

}  // namespace

// The bodies below are what the annotations stand for; the analysis cannot see that a word is a
// lock.

void SpinLockBase::acquire() NO_THREAD_SAFETY_ANALYSIS {
    const VirtAddr taker = VirtAddr::of(__builtin_return_address(0));
    if constexpr (kDebug) detail::check_order(*this, taker);
    const u32 me = machine::hart_index() + 1;
    u32 holder = 0;
    // [spin.word] acquire: what earlier holders wrote is seen; pairs with release in release().
    while (!word_.compare_exchange(holder, me, std::memory_order_acquire)) {
        if (!wait_until_free(taker)) {
            // [spin.word] release: breaks a stopped hart's lock in a panic; nothing pairs with it.
            word_.store(me, std::memory_order_release);
            break;
        }
        holder = 0;
    }
    detail::note_acquired(*this, taker);
}

bool SpinLockBase::try_acquire() NO_THREAD_SAFETY_ANALYSIS {
    const VirtAddr taker = VirtAddr::of(__builtin_return_address(0));
    if constexpr (kDebug) detail::check_order(*this, taker);
    u32 holder = 0;
    // [spin.word] acquire: as in acquire().
    if (!word_.compare_exchange(holder, machine::hart_index() + 1, std::memory_order_acquire)) {
        return false;
    }
    detail::note_acquired(*this, taker);
    return true;
}

void SpinLockBase::release() NO_THREAD_SAFETY_ANALYSIS {
    detail::note_released(*this);
    DEBUG_ASSERT(held_here() || panicking());
    // [spin.word] release: what was done under the lock is seen by the next holder; pairs with
    // acquire in acquire(). The lock may be gone right after this: it is the last access.
    word_.store(0, std::memory_order_release);
    // Not only others' atomics but also what this hart does next without any may come after what
    // the next holder does: let the simulator show that too.
    schedule_point();
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
