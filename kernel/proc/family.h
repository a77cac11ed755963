// Family: parents, children, and the records that ended children leave.
#pragma once

#include "base/list.h"
#include "base/std.h"
#include "base/units.h"
#include "proc/exit_record.h"
#include "sched/rendez.h"

namespace kernel::proc {

class Proc;

/// A process's place in the tree. Everything here is guarded by the one lock of the tree
/// (family_tree.h), because an exit changes parent, children and pid 1 at once.
///
/// A kernel process has no parent and no children to wait for. Any other but pid 1 has a parent:
/// its maker, or pid 1 once the maker has ended.
class Family : Pinned {
public:
    constexpr explicit Family(Proc& self) : self_(&self) {}

private:
    friend class FamilyTree;

    Proc* const self_;
    Family* parent_ = nullptr;
    ListHook<Family> sibling_;
    List<Family, &Family::sibling_> children_;
    u32 waited_children_ = 0;  // children whose end leaves a record here
    bool waited_ = false;      // its own end leaves a record with its parent
    RecordList records_;       // newest first
    u32 record_count_ = 0;
    u64 lost_ = 0;          // records that were too many
    bool waiting_ = false;  // somebody waits for a record
    sched::Rendez rendez_;  // where: its own lock
    Nanos ended_user_{};    // what its ended children used, with theirs
    Nanos ended_system_{};
};

}  // namespace kernel::proc
