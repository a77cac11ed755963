// Room: whether to ask for it.
#include "mm/room.h"

#include "mm/failure.h"
#include "mm/frames.h"

namespace kernel::mm {
namespace {

constinit MakeRoom make_room = nullptr;  // const after boot

/// With so many free pages there is memory: for more than one page, perhaps not in one piece.
constexpr u64 kPlenty = 128;
/// Others may take what has come free, but not for ever.
constexpr u32 kTriesInVain = 4;

}  // namespace

void set_room_maker(MakeRoom maker) { make_room = maker; }

bool room_was_made(RoomWanted& wanted) {
    if (make_room == nullptr || detail::failures_are_injected()) return false;
    if (page_counts().free >= kPlenty) return ++wanted.in_vain < kTriesInVain;
    wanted.in_vain = 0;
    return make_room(wanted);
}

}  // namespace kernel::mm
