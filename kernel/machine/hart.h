// Harts: who am I, how many are there, storage per hart, starting them, interrupting them.
#pragma once

#include "base/assert.h"
#include "base/std.h"

namespace kernel::machine {

/// The harts the kernel has room for. A machine with more runs on the first kMaxHarts usable ones
/// and says so.
inline constexpr u32 kMaxHarts = 64;

/// A dense index, 0 .. hart_count() - 1; not the hardware's hart id. The boot hart need not be 0.
using HartIndex = u32;

/// The hart this code runs on. Stable only while interrupts are off (else the task may move at any
/// time). Any context. Cost: one load.
HartIndex hart_index();

/// Harts the machine description lists as usable, started or not. Const after boot.
u32 hart_count();

/// The hardware's id of a hart, for messages.
u64 hardware_hart_id(HartIndex hart);

/// Starts every other usable hart; each calls upcalls::hart_main on a stack of its own with
/// interrupts off. Returns how many were asked to start; one that refuses is logged and left.
/// Context: boot hart, once.
u32 start_other_harts();

/// Raises an interrupt on `hart`, which calls upcalls::ipi there soon. All stores before it are
/// visible to that upcall. Any context.
void send_ipi(HartIndex hart);

/// One word per hart that the scheduler owns: what runs there. Unlike a PerHart element it may be
/// read with interrupts on, because it is read in one load: wherever the asking flow moves, the
/// word names that flow. Null until set. Setting: interrupts off.
void* current_flow();
void set_current_flow(void* flow);

/// How many spin locks a hart holds: a word per hart that sync owns, counted at every lock. The
/// running hart's may be used while interrupts are off; others' as they are, for panics.
u32& spin_locks_held();
u32& spin_locks_held_by(HartIndex hart);

// Those above that an implementation has in line.
}  // namespace kernel::machine

#include "machine/hart_access.h"

namespace kernel::machine {

/// A value per hart, each on cache lines of its own. The element of the running hart may be used
/// while interrupts are off; others' elements only as their own comments allow.
template <class T>
class PerHart {
public:
    constexpr PerHart() = default;

    T& mine() { return slots_[hart_index()].value; }
    T& of(HartIndex hart) {
        DEBUG_ASSERT(hart < kMaxHarts);
        return slots_[hart].value;
    }
    const T& of(HartIndex hart) const {
        DEBUG_ASSERT(hart < kMaxHarts);
        return slots_[hart].value;
    }

private:
    struct alignas(64) Slot {
        T value{};
    };
    std::array<Slot, kMaxHarts> slots_{};
};

}  // namespace kernel::machine
