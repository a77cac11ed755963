// The list of spin locks each hart holds.
#include "sync/held_locks.h"

#include "base/assert.h"
#include "base/panic.h"
#include "sync/spin_lock.h"

namespace kernel::sync {
using detail::held_locks;
using detail::HeldLock;
using detail::HeldLocks;
using detail::kMaxHeld;

constinit machine::PerHart<HeldLocks> detail::held_locks;

u32 held_spin_locks() { return held_locks.mine().depth; }

void print_held_locks(Sink& sink) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const HeldLocks& held = held_locks.of(hart);
        if (held.depth == 0) continue;
        format_to(sink, "hart {} holds {} spin locks:", hart, held.depth);
        if constexpr (kDebug) {
            for (usize i = 0; i < std::min<usize>(held.depth, kMaxHeld); ++i) {
                format_to(sink, " rank {} taken at {:x}", held.locks[i].lock->rank(),
                          held.locks[i].taker.value);
            }
        }
        sink.write("\n");
    }
}

void reset_held_locks() {
    for (machine::HartIndex hart = 0; hart < machine::kMaxHarts; ++hart) {
        held_locks.of(hart).depth = 0;
    }
}

void detail::check_order(const SpinLockBase& lock, VirtAddr taker) {
    if constexpr (kDebug) {
        if (panicking()) return;
        DEBUG_ASSERT(!machine::interrupts_enabled());
        const HeldLocks& held = held_locks.mine();
        for (usize i = 0; i < held.depth; ++i) {
            const HeldLock& other = held.locks[i];
            if (other.lock == &lock) {
                PANIC("spin lock of rank {} taken at {:x} and again at {:x}", lock.rank(),
                      other.taker.value, taker.value);
            }
            if (other.lock->rank() >= lock.rank()) {
                PANIC("lock order: rank {} taken at {:x} under rank {} taken at {:x}", lock.rank(),
                      taker.value, other.lock->rank(), other.taker.value);
            }
        }
    }
}

void detail::list_acquired(const SpinLockBase& lock, VirtAddr taker) {
    if constexpr (kDebug) {
        HeldLocks& held = held_locks.mine();
        ASSERT(held.depth < kMaxHeld);
        held.locks[held.depth] = {&lock, taker};
    }
}

void detail::list_released(const SpinLockBase& lock) {
    if constexpr (kDebug) {
        HeldLocks& held = held_locks.mine();
        // Guards may be released early, so the lock need not be the last one taken.
        usize at = held.depth;
        while (at > 0 && held.locks[at - 1].lock != &lock) --at;
        ASSERT(at > 0);
        for (; at < held.depth; ++at) held.locks[at - 1] = held.locks[at];
    }
}

}  // namespace kernel::sync
