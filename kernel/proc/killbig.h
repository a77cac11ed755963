// killbig: when memory runs out, the largest program is ended so that the others go on.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "mm/room.h"

namespace kernel::proc {

/// Ends the largest program, says so in the log, and waits a moment for its end; or only waits, if
/// one is on its way out already. For mm::set_room_maker(): the asker tries again when this returns
/// true, and gives up when it returns false: it is the largest itself, it is to end, or it has
/// taken kAskPatience; or all programs are small, as when many were forked, so that who asks may as
/// well do without.
///
/// The largest is the one with the most resident pages, and of several the youngest. A page that
/// several see counts for each of them, as in Plan 9: which of them must go for it to come free
/// cannot be known. Those who share the memory of the one that is chosen, or its data, end with it.
/// Spared are kernel processes and processes without a program, pid 1, and those of the host owner
/// that are noswap or whose mode lets nobody write.
///
/// Locks: takes the spin lock of each process in turn and none else, so whoever is chosen is
/// hindered by nothing of the asker's, who holds none. Context: task, interrupts on, no lock held.
/// Cost: O(processes), with preemption points, for each that is chosen.
bool make_room(const mm::RoomWanted& wanted);

/// Makes it the room maker. Context: boot.
void reset_killbig();

/// How long an asker is kept waiting.
inline constexpr Nanos kAskPatience = nanos_from_seconds(10);
/// How long one that was chosen may take to end before another is.
inline constexpr Nanos kEndPatience = nanos_from_seconds(2);

}  // namespace kernel::proc
