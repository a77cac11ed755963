// Room: when a program's memory runs out, somebody above mm may make room, and it is tried again.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/clock.h"

namespace kernel::mm {

/// What there was no memory for, and how long it has been asked for.
struct RoomWanted {
    std::string_view what;
    Nanos since = machine::now();
    u32 in_vain = 0;  // times in a row that it failed although there was memory
};

/// Makes room, or waits a little for room that is being made. False: there will be none. Context:
/// as with_room().
using MakeRoom = bool (*)(const RoomWanted& wanted);

/// Sets who does it; null for nobody. Context: boot.
void set_room_maker(MakeRoom maker);

/// Whether it is worth trying again. False also where it is not memory that is missing: the failure
/// was injected, or there is plenty, but not in one piece. Context: as with_room().
bool room_was_made(RoomWanted& wanted);

/// What `attempt()` gives, tried again after kNoMemory for as long as room is made. It leaves
/// nothing behind when it fails. Context: task of a process, interrupts on, no lock held; may
/// sleep. Cost: nothing if it does not fail.
template <class Attempt>
auto with_room(std::string_view what, Attempt&& attempt) -> decltype(attempt()) {
    auto result = attempt();
    if (result.ok() || result.error() != Error::kNoMemory) return result;
    RoomWanted wanted{.what = what};
    while (!result.ok() && result.error() == Error::kNoMemory && room_was_made(wanted)) {
        result = attempt();
    }
    return result;
}

}  // namespace kernel::mm
