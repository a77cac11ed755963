// FamilyTree: the lock of all families, and what is done under it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/exit_record.h"
#include "proc/proc.h"
#include "proc/wait.h"

namespace kernel::proc {

/// All is static: there is one tree. Every operation takes its lock, a spin lock, for a bounded
/// time. Rejected: a lock per family; an exit changes three families at once, and the order among
/// them would have to be found again each time a parent ends.
class FamilyTree {
public:
    /// Forgets everything. Context: boot.
    static void reset();

    /// Makes `child` a child of `parent`; null: of nobody. The first with neither is pid 1, who
    /// inherits the children of those that end.
    static void add(Proc& child, Proc* parent, bool waited);

    /// Hands the children of `dying` to pid 1 and drops its unread records. Context: the task of
    /// `dying`, no lock held. Cost: O(children), with preemption points.
    static void hand_over(Proc& dying);

    /// Takes `gone`, whom nobody finds any more, out of the tree, and leaves `record`, if not null,
    /// with its parent. Then calls `last` under the lock, so that a parent that reads the record
    /// finds done what `last` does; the family is not touched after it. Wakes the parent.
    /// Context: any.
    static void remove(Proc& gone, ExitRecord* record, void (*last)(Proc& gone));

    /// Leaves `record` with the parent of `broken`, which stays in the tree but is no longer waited
    /// for. Context: any.
    static void leave_record(Proc& broken, ExitRecord* record);

    /// What the ended children of `proc` used, with theirs.
    struct Used {
        Nanos user;
        Nanos system;
    };
    static Used used_by_ended(const Proc& proc);

    /// The records that wait to be read.
    static u32 records(const Proc& parent);
    /// Waits for the next record of `parent`, which is the current process or pinned. See wait.h.
    enum class WhoWaits : u8 { kParent, kOther };
    static Result<WaitRecord> wait(Proc& parent, ProcRef ref, WhoWaits who);
    /// Lets those who wait for records of `gone` find out that it has no number any more.
    static void wake_waiter(Proc& gone);

    /// The process `id`, if it ended and its record is unread.
    static std::optional<ProcRef> ended(ProcId id);
    static bool has_record(ProcRef ref);

private:
    enum class Found : u8 { kNothing, kRecord, kLost, kNoChildren, kParentGone };

    static Used total(const Proc& proc);
    static ExitRecord* settle(Family& to, Proc& gone, ExitRecord* record);
    static Found find(const Family& family, ProcRef ref, WhoWaits who);
    static Found take(Family& family, ProcRef ref, WhoWaits who, WaitRecord& out);
};

}  // namespace kernel::proc
