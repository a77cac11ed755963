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
u32 held_spin_locks();

/// Prints the spin locks each hart holds, with rank and taker (debug builds; release builds know
/// only how many). For panics: reads other harts' lists as they are.
void print_held_locks(Sink& sink);

/// Forgets all that is held. Context: start of boot, for machines that boot more than once in one
/// address space.
void reset_held_locks();

namespace detail {

/// Puts `lock` on this hart's list; stops if its rank is not above all of them. Interrupts off.
void note_acquired(const SpinLockBase& lock, VirtAddr taker);
/// Takes it off. Interrupts off.
void note_released(const SpinLockBase& lock);
/// Stops if taking `lock` now would break the order or take it twice. Interrupts off.
void check_order(const SpinLockBase& lock, VirtAddr taker);

}  // namespace detail
}  // namespace kernel::sync
