// Note groups: their objects, and the index by number.
#include "proc/note_group.h"

#include "base/late.h"
#include "proc/group_index.h"

namespace kernel::proc {
namespace {

constinit mm::ObjectCache<NoteGroup> cache("notegroup");
constinit Late<GroupIndex> the_index;

}  // namespace

GroupIndex& group_index() { return *the_index; }

Result<Ref<NoteGroup>> NoteGroup::create(pid::PidRef number) {
    return Ref<NoteGroup>::adopt(*TRY(cache.create(std::move(number))));
}

NoteGroup::NoteGroup(pid::PidRef number)
    : number_(number.number()), reference_(std::move(number)) {}

NoteGroup::~NoteGroup() { ASSERT(!index_hook_.linked()); }

void NoteGroup::destroy(NoteGroup& group) { cache.destroy(group); }

void NoteGroup::index() {
    if (indexed_) return;
    group_index().insert(*this);
    indexed_ = true;
}

void NoteGroup::unindex() {
    ASSERT(indexed_);
    group_index().remove(*this);
    indexed_ = false;
}

Ref<NoteGroup> NoteGroup::find(u32 number) { return group_index().find(number); }

void NoteGroup::reset() { the_index.make(); }

}  // namespace kernel::proc
