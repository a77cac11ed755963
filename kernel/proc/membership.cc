// Entering, changing and leaving note groups, and walking one to post a note.
#include "proc/membership.h"

#include "proc/delivery.h"
#include "proc/group_index.h"

namespace kernel::proc {
namespace {

/// Members that are met under one taking of the lock: bounds how long interrupts stay off.
constexpr usize kBatch = 16;

/// How often in a row a program puts off an rfork for notes that it handles. Its handler has chosen
/// to go on each time; and notes may come faster than processes can be made.
constexpr u32 kPutOffMost = 4;

/// Whether `maker`, which got notes since its count of arrivals was `arrivals` or has one, must
/// meet them before it has a child.
bool must_meet_notes(Proc& maker, u64 arrivals) REQUIRES(maker.lock()) {
    const Signals& signals = maker.signals();
    // Both: a note may have been read, or have found the queue full, since it arrived; and it may
    // have arrived before the count was taken.
    const bool pending = has_pending_locked(maker);
    if (signals.arrivals == arrivals && !pending) return false;
    const bool ends = signals.told_to_end() || signals.unwinding || (pending && !signals.handles());
    return ends || signals.rforks_put_off < kPutOffMost;
}

}  // namespace

Result<void> Membership::enter(Proc& child, const Ref<NoteGroup>& group, Proc* maker,
                               u64 arrivals) {
    NoteGroup& to = *group;
    const sync::IrqSaveGuard guard(to.lock_);
    if (maker != nullptr) {
        const sync::IrqSaveGuard maker_guard(maker->lock());
        if (must_meet_notes(*maker, arrivals)) return Error::kInterrupted;
    }
    GroupPlace* next = maker == nullptr ? nullptr : NoteGroup::Places::next(maker->group_place_);
    if (next != nullptr) {
        to.places_.insert_before(*next, child.group_place_);
    } else {
        to.places_.push_back(child.group_place_);
    }
    ++to.members_;
    to.index();
    const sync::IrqSaveGuard child_guard(child.lock());
    child.note_group_ = group;
    child.set_state(ProcState::kLive);
    return {};
}

Result<void> Membership::move(Proc& proc, Ref<NoteGroup> group,
                              std::optional<std::string_view> user) {
    proc.debug_lock().assert_held();
    {
        const sync::IrqSaveGuard guard(group->lock_);
        if (group->members_ == 0 && !group->reference_) return Error::kNotExist;
        if (user.has_value() && !group->has_user(*user)) return Error::kPermission;
        // Counted before it is on the list, so that the group lives until then.
        ++group->members_;
    }
    leave(proc);
    NoteGroup& to = *group;
    const sync::IrqSaveGuard guard(to.lock_);
    to.places_.push_back(proc.group_place_);
    to.index();
    const sync::IrqSaveGuard proc_guard(proc.lock());
    proc.note_group_ = std::move(group);
    return {};
}

void Membership::leave(Proc& proc) {
    proc.debug_lock().assert_held();
    Ref<NoteGroup> from;
    {
        const sync::IrqSaveGuard guard(proc.lock());
        from = std::move(proc.note_group_);
    }
    if (!from) return;
    NoteGroup& group = *from;
    pid::PidRef number;  // given back after the lock
    const sync::IrqSaveGuard guard(group.lock_);
    group.places_.remove(proc.group_place_);
    if (--group.members_ == 0) {
        group.unindex();
        number = std::move(group.reference_);
    }
}

bool NoteGroup::has_user(std::string_view user) {
    for (const GroupPlace& place : places_) {
        if (place.proc != nullptr && place.proc->caller().user().view() == user) return true;
    }
    return false;
}

bool Membership::is_alone(Proc& proc) {
    proc.debug_lock().assert_held();
    Ref<NoteGroup> group;
    {
        const sync::IrqSaveGuard guard(proc.lock());
        group = proc.note_group_;
    }
    if (!group) return false;
    const sync::IrqSaveGuard guard(group->lock_);
    return group->members_ == 1;
}

void Membership::post(NoteGroup& group, std::string_view text, const Proc* writer) {
    GroupPlace marker(nullptr);
    {
        const sync::IrqSaveGuard guard(group.lock_);
        group.places_.push_front(marker);
    }
    for (bool more = true; more;) {  // ends: each turn passes members, and makers are passed once
        const sync::IrqSaveGuard guard(group.lock_);
        for (usize i = 0; i < kBatch && more; ++i) {
            GroupPlace* next = NoteGroup::Places::next(marker);
            group.places_.remove(marker);
            if (next == nullptr) {
                more = false;
                break;
            }
            GroupPlace* after = NoteGroup::Places::next(*next);
            if (after != nullptr) {
                group.places_.insert_before(*after, marker);
            } else {
                group.places_.push_back(marker);
            }
            if (next->proc == nullptr || next->proc == writer) continue;
            const sync::IrqSaveGuard proc_guard(next->proc->lock());
            // ignored: a full queue or an ending process is skipped, as notepg documents.
            (void)post_locked(*next->proc, NoteKind::kUser, text);
        }
    }
}

}  // namespace kernel::proc
