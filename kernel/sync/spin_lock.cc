// Taking and releasing a spin lock. In release builds these make no frame records (see
// CMakeLists.txt).
#include "sync/spin_lock.h"

#include "base/panic.h"
#include "sync/held_locks.h"

namespace kernel::sync {

void SpinLockBase::acquire_listed() NO_THREAD_SAFETY_ANALYSIS {
    const VirtAddr taker = VirtAddr::of(__builtin_return_address(0));
    detail::check_order(*this, taker);
    u32 holder = 0;
    // [spin.word] acquire: as in acquire().
    if (word_.compare_exchange(holder, machine::hart_index() + 1, std::memory_order_acquire)) {
        detail::note_acquired(*this, taker);
    } else {
        wait_and_acquire(taker);
    }
}

void SpinLockBase::acquire_slowly() NO_THREAD_SAFETY_ANALYSIS {
    wait_and_acquire(VirtAddr::of(__builtin_return_address(0)));
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

}  // namespace kernel::sync
