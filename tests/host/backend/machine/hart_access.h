// What of machine/hart.h is worth no call: on the host, what needs no machine.
#pragma once

#include "base/std.h"

namespace kernel::machine {

namespace detail {

struct alignas(64) SpinLocksHeld {
    u32 count = 0;
};
inline constinit std::array<SpinLocksHeld, kMaxHarts> spin_locks_held{};

}  // namespace detail

inline u32& spin_locks_held() { return detail::spin_locks_held[hart_index()].count; }
inline u32& spin_locks_held_by(HartIndex hart) { return detail::spin_locks_held[hart].count; }

}  // namespace kernel::machine
