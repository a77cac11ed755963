// NoteGroup: processes that get notes together; its number stays while it has members.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "mm/object_cache.h"
#include "pid/pid_ref.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

class Membership;
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
/// A group whose last member leaves is dead: it gives its number back and takes no members, though
/// an open `notepg` may hold the object.
class NoteGroup : public RefCounted<NoteGroup> {
public:
    /// A group without members, to be joined by who makes it. `number` is its number.
    /// Errors: kNoMemory.
    static Result<Ref<NoteGroup>> create(pid::PidRef number);
    /// The live group with that number, or null. Any context.
    static Ref<NoteGroup> find(u32 number);

    /// Its number, also when it is dead.
    u32 number() const { return number_; }

    /// Forgets all groups. Context: boot.
    static void reset();

private:
    friend class Ref<NoteGroup>;
    friend class mm::ObjectCache<NoteGroup>;
    friend class Membership;
    friend struct GroupIndex;
    using Places = List<GroupPlace, &GroupPlace::hook>;
    using Lock = sync::SpinLock<sync::LockRank::kNoteGroup>;

    explicit NoteGroup(pid::PidRef number);
    ~NoteGroup();
    static void destroy(NoteGroup& group);
    /// Puts it into the index, or takes it out.
    void index() REQUIRES(lock_);
    void unindex() REQUIRES(lock_);
    /// Whether some member is of that user.
    bool has_user(std::string_view user) REQUIRES(lock_);

    const u32 number_;
    Lock lock_;
    Places places_ GUARDED_BY(lock_);
    u32 members_ GUARDED_BY(lock_) = 0;  // and those about to join
    bool indexed_ GUARDED_BY(lock_) = false;
    pid::PidRef reference_ GUARDED_BY(lock_);  // keeps the number while there are members

    ListHook<NoteGroup> index_hook_;  // guarded by the index's lock
};

}  // namespace kernel::proc
