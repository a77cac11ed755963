// Held locks: what spin locks the running hart holds, for rank checks, sleep checks and panics.
#pragma once

#include "base/format.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "sync/lock_rank.h"

namespace kernel::sync {

class SpinLockBase;

/// How many spin locks this hart holds. Exact with interrupts off; with interrupts on it is 0.
/// Cost: one load.
inline u32 held_spin_locks() { return machine::spin_locks_held(); }

/// Prints the spin locks each hart holds, with rank and taker (debug builds; release builds know
/// only how many). For panics: reads other harts' lists as they are.
void print_held_locks(Sink& sink);

/// Forgets all that is held. Context: start of boot, for machines that boot more than once in one
/// address space.
void reset_held_locks();

namespace detail {

/// More locks than this at once is a bug in itself.
inline constexpr usize kMaxHeld = 16;

struct HeldLock {
    const SpinLockBase* lock;
    VirtAddr taker;
};

/// Debug builds: those a hart holds, as they were taken, the first machine::spin_locks_held().
/// hart-local, interrupts off; a panic reads the others' as they are.
using HeldLocks = std::array<HeldLock, kDebug ? kMaxHeld : 0>;
extern machine::PerHart<HeldLocks> held_locks;

/// Debug builds: puts `lock` on this hart's list, or takes it off. Interrupts off.
void list_acquired(const SpinLockBase& lock, VirtAddr taker);
void list_released(const SpinLockBase& lock);
/// Debug builds: stops if taking `lock` now would break the order or take it twice. Interrupts off.
void check_order(const SpinLockBase& lock, VirtAddr taker);

/// Counts `lock` among what this hart holds. Interrupts off.
inline void note_acquired(const SpinLockBase& lock, VirtAddr taker) {
    if constexpr (kDebug) list_acquired(lock, taker);
    ++machine::spin_locks_held();
}
inline void note_released(const SpinLockBase& lock) {
    if constexpr (kDebug) list_released(lock);
    --machine::spin_locks_held();
}

}  // namespace detail
}  // namespace kernel::sync
