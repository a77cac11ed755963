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

void print_held_locks(Sink& sink) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const u32 count = machine::spin_locks_held_by(hart);
        if (count == 0) continue;
        format_to(sink, "hart {} holds {} spin locks:", hart, count);
        if constexpr (kDebug) {
            const HeldLocks& held = held_locks.of(hart);
            for (usize i = 0; i < std::min<usize>(count, kMaxHeld); ++i) {
                format_to(sink, " rank {} taken at {:x}", held[i].lock->rank(),
                          held[i].taker.value);
            }
        }
        sink.write("\n");
    }
}

void reset_held_locks() {
    for (machine::HartIndex hart = 0; hart < machine::kMaxHarts; ++hart) {
        machine::spin_locks_held_by(hart) = 0;
    }
}

void detail::check_order(const SpinLockBase& lock, VirtAddr taker) {
    if constexpr (kDebug) {
        if (panicking()) return;
        DEBUG_ASSERT(!machine::interrupts_enabled());
        const HeldLocks& held = held_locks.mine();
        for (usize i = 0; i < held_spin_locks(); ++i) {
            const HeldLock& other = held[i];
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
        ASSERT(held_spin_locks() < kMaxHeld);
        held[held_spin_locks()] = {&lock, taker};
    }
}

void detail::list_released(const SpinLockBase& lock) {
    if constexpr (kDebug) {
        HeldLocks& held = held_locks.mine();
        // Guards may be released early, so the lock need not be the last one taken.
        const usize count = held_spin_locks();
        usize at = count;
        while (at > 0 && held[at - 1].lock != &lock) --at;
        ASSERT(at > 0);
        for (; at < count; ++at) held[at - 1] = held[at];
    }
}

}  // namespace kernel::sync
