// Note groups: their objects, and the index by number.
#include "proc/note_group.h"

#include "base/late.h"
#include "proc/group_index.h"

namespace kernel::proc {
namespace {

constinit mm::ObjectCache<NoteGroup> cache("notegroup");
constinit StatCounter alive;
constinit Late<GroupIndex> the_index;

}  // namespace

GroupIndex& group_index() { return *the_index; }

Result<Ref<NoteGroup>> NoteGroup::create(pid::PidRef number) {
    NoteGroup* group = TRY(cache.create(std::move(number)));
    alive.add();
    return Ref<NoteGroup>::adopt(*group);
}

NoteGroup::NoteGroup(pid::PidRef number)
    : number_(number.number()), reference_(std::move(number)) {}

NoteGroup::~NoteGroup() { ASSERT(!index_hook_.linked()); }

void NoteGroup::destroy(NoteGroup& group) {
    alive.sub();
    cache.destroy(group);
}

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

u64 NoteGroup::count() { return alive.read(); }

void NoteGroup::reset() { the_index.make(); }

}  // namespace kernel::proc
