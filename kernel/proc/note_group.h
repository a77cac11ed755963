// NoteGroup: processes that get notes together; its number stays while it has members.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "pid/pid_ref.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

class Proc;

/// A place in a group's list: a member, or (`proc` null) how far a delivery has come.
struct GroupPlace {
    constexpr explicit GroupPlace(Proc* member) : proc(member) {}

    Proc* const proc;
    ListHook<GroupPlace> hook;  // guarded by the group's lock
};

/// The members are in an order in which a process made by a member comes directly after its maker.
/// So a delivery, which walks the list once from the front, meets whoever is made by a process it
/// has not met yet, and not whoever is made by one that got the note already; see post_to_group().
///
/// A group without members is dead: its number is given back, though an open `notepg` may hold the
/// object. Rejected: one table of groups by number; only a write to `noteid` looks a group up, and
/// finds it through its members' processes or through the index in note_group.cc.
class NoteGroup : public RefCounted<NoteGroup> {
public:
    /// A group without members whose number is `number`. Errors: kNoMemory.
    static Result<Ref<NoteGroup>> create(pid::PidRef number);

    /// Groups alive, for leak checks.
    static u64 count();

private:
    friend class Ref<NoteGroup>;
    friend class Membership;
};

}  // namespace kernel::proc
