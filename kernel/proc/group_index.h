// GroupIndex: the live note groups by number.
#pragma once

#include "base/annotations.h"
#include "base/list.h"
#include "base/ref.h"
#include "base/std.h"
#include "proc/note_group.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// A group is here from its first member to its last, so a group that is found has somebody who
/// holds a reference, and a further one may be taken.
struct GroupIndex : Pinned {
    void insert(NoteGroup& group);
    void remove(NoteGroup& group);
    Ref<NoteGroup> find(u32 number);

private:
    static constexpr usize kBuckets = 64;
    using Bucket = List<NoteGroup, &NoteGroup::index_hook_>;

    sync::SpinLock<sync::LockRank::kNoteGroups> lock_;
    std::array<Bucket, kBuckets> buckets_ GUARDED_BY(lock_);
};

/// The one index.
GroupIndex& group_index();

}  // namespace kernel::proc
