// Membership: how processes enter, change and leave note groups, and how a note reaches members.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "proc/note_group.h"
#include "proc/proc.h"

namespace kernel::proc {

/// A process's group changes only under its debug lock, and under its spin lock for those who look.
/// Lock order: group, index, process.
class Membership {
public:
    /// The first step of a process's public life, done at once for all who look: it becomes kLive
    /// as a member of `group`, directly after `maker` if that is given. Fails if `maker` has a note
    /// to meet, or got notes since its count of arrivals was `arrivals`; but a program that put it
    /// off for notes it handled some times in a row only for those that end it. Context: task; the
    /// debug lock of `maker` held. Errors: kInterrupted.
    static Result<void> enter(Proc& child, const Ref<NoteGroup>& group, Proc* maker, u64 arrivals);
    /// Makes `proc` leave its group for `group`. Context: task; its debug lock held.
    /// Errors: kNotExist if `group` is dead.
    static Result<void> move(Proc& proc, Ref<NoteGroup> group) {
        return move(proc, std::move(group), std::nullopt);
    }
    /// The same if some member of `group`, not a kernel process, is of user `user`; it is one when
    /// `proc` counts as a member. Errors: kPermission if none is; kNotExist. Cost: O(members) under
    /// the group's lock; only writes to `noteid` ask.
    static Result<void> join(Proc& proc, Ref<NoteGroup> group, const chan::UserName& user) {
        return move(proc, std::move(group), user.view());
    }
    /// Makes `proc` leave its group, if it has one. Context: task; its debug lock held.
    static void leave(Proc& proc);

    /// Whether `proc` is the only member of its group. Context: its debug lock held.
    static bool is_alone(Proc& proc);

    /// Posts a kUser note to the members, all but `writer`. See post_to_group().
    static void post(NoteGroup& group, std::string_view text, const Proc* writer);

private:
    static Result<void> move(Proc& proc, Ref<NoteGroup> group,
                             std::optional<std::string_view> user);
};

}  // namespace kernel::proc
