// The index of note groups: a small table of lists.
#include "proc/group_index.h"

namespace kernel::proc {

void GroupIndex::insert(NoteGroup& group) {
    const sync::IrqSaveGuard guard(lock_);
    buckets_[group.number() % kBuckets].push_front(group);
}

void GroupIndex::remove(NoteGroup& group) {
    const sync::IrqSaveGuard guard(lock_);
    buckets_[group.number() % kBuckets].remove(group);
}

Ref<NoteGroup> GroupIndex::find(u32 number) {
    const sync::IrqSaveGuard guard(lock_);
    for (NoteGroup& group : buckets_[number % kBuckets]) {
        if (group.number() == number) return Ref<NoteGroup>::share(group);
    }
    return {};
}

}  // namespace kernel::proc
