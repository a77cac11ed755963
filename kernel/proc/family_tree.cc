// Families: joining, handing over, leaving and reading records.
#include "proc/family_tree.h"

#include "base/late.h"
#include "machine/clock.h"

namespace kernel::proc {
namespace {

/// Children or records that are moved under one taking of the lock.
constexpr usize kBatch = 32;
constexpr usize kBuckets = 64;

using RecordIndex = List<ExitRecord, &ExitRecord::index>;

struct Tree : Pinned {
    sync::SpinLock<sync::LockRank::kProcTree> lock;
    Proc* first GUARDED_BY(lock) = nullptr;                     // pid 1
    std::array<RecordIndex, kBuckets> unread GUARDED_BY(lock);  // records by number
};
constinit Late<Tree> the_tree;

RecordIndex& bucket(Tree& tree, u32 pid) REQUIRES(tree.lock) { return tree.unread[pid % kBuckets]; }

}  // namespace

void FamilyTree::reset() { the_tree.make(); }

void FamilyTree::add(Proc& child, Proc* parent, bool waited) {
    Tree& tree = *the_tree;
    const sync::IrqSaveGuard guard(tree.lock);
    Family& family = child.family();
    family.waited_ = waited && parent != nullptr;
    if (parent == nullptr) {
        if (!child.is_kproc()) {
            ASSERT(tree.first == nullptr);
            tree.first = &child;
        }
        return;
    }
    family.parent_ = &parent->family();
    family.parent_->children_.push_back(family);
    if (family.waited_) ++family.parent_->waited_children_;
}

void FamilyTree::hand_over(Proc& dying) {
    Family& from = dying.family();
    for (bool more = true; more;) {  // ends: only `dying` itself could add children
        RecordList dropped;
        {
            Tree& tree = *the_tree;
            const sync::IrqSaveGuard guard(tree.lock);
            Family& heir = tree.first->family();
            for (usize i = 0; i < kBatch && !from.children_.empty(); ++i) {
                Family& child = *from.children_.pop_front();
                child.parent_ = &heir;
                heir.children_.push_back(child);
                if (child.waited_) ++heir.waited_children_;
                child.self_->caller().set_parent_pid(tree.first->id().pid);
            }
            for (usize i = 0; i < kBatch && !from.records_.empty(); ++i) {
                ExitRecord& record = *from.records_.pop_front();
                bucket(tree, record.ref.pid).remove(record);
                dropped.push_back(record);
            }
            more = !from.children_.empty() || !from.records_.empty();
            if (!more) {
                from.record_count_ = 0;
                from.lost_ = 0;
                from.waited_children_ = 0;
            }
        }
        while (ExitRecord* record = dropped.pop_front()) ExitRecord::destroy(*record);
    }
}

/// What `proc` used itself and by its ended children.
FamilyTree::Used FamilyTree::total(const Proc& proc) {
    const sched::TaskTimes own = proc.task().times();
    const Family& family = proc.family();
    return {own.user + family.ended_user_, own.system + family.ended_system_};
}

/// Counts the child `gone` off its parent `to`, and puts its record there, if it is one that is
/// waited for. What is left to destroy (the record, or an old one) is returned; null: nothing. The
/// tree's lock is held.
ExitRecord* FamilyTree::settle(Family& to, Proc& gone, ExitRecord* record) {
    Tree& tree = *the_tree;
    tree.lock.assert_held();
    if (!std::exchange(gone.family().waited_, false)) return record;
    ASSERT(record != nullptr && to.waited_children_ > 0);
    --to.waited_children_;
    const Used used = total(gone);
    to.ended_user_ += used.user;
    to.ended_system_ += used.system;
    record->text.user_ms = used.user.millis();
    record->text.system_ms = used.system.millis();
    record->text.real_ms = (machine::now() - gone.task().times().started).millis();

    to.records_.push_front(*record);
    bucket(tree, record->ref.pid).push_front(*record);
    if (to.record_count_ < kRecordsKept) {
        ++to.record_count_;
        return nullptr;
    }
    ExitRecord* oldest = to.records_.back();
    to.records_.remove(*oldest);
    bucket(tree, oldest->ref.pid).remove(*oldest);
    ++to.lost_;
    return oldest;
}

void FamilyTree::remove(Proc& gone, ExitRecord* record, void (*last)(Proc& gone)) {
    {
        Tree& tree = *the_tree;
        const sync::IrqSaveGuard guard(tree.lock);
        Family& family = gone.family();
        ASSERT(family.children_.empty() && family.records_.empty());
        Family* parent = std::exchange(family.parent_, nullptr);
        if (parent != nullptr) {
            parent->children_.remove(family);
            record = settle(*parent, gone, record);
        }
        family.ended_user_ = {};
        family.ended_system_ = {};
        last(gone);
        if (parent != nullptr) sched::wakeup(parent->rendez_);
    }
    if (record != nullptr) ExitRecord::destroy(*record);
}

void FamilyTree::leave_record(Proc& broken, ExitRecord* record) {
    {
        Tree& tree = *the_tree;
        const sync::IrqSaveGuard guard(tree.lock);
        Family* parent = broken.family().parent_;
        if (parent != nullptr) {
            record = settle(*parent, broken, record);
            sched::wakeup(parent->rendez_);
        }
    }
    if (record != nullptr) ExitRecord::destroy(*record);
}

FamilyTree::Used FamilyTree::used_by_ended(const Proc& proc) {
    const sync::IrqSaveGuard guard(the_tree->lock);
    return {proc.family().ended_user_, proc.family().ended_system_};
}

u32 FamilyTree::records(const Proc& parent) {
    const sync::IrqSaveGuard guard(the_tree->lock);
    const Family& family = parent.family();
    return family.record_count_ + (family.lost_ != 0 ? 1 : 0);
}

std::optional<ProcRef> FamilyTree::ended(ProcId id) {
    Tree& tree = *the_tree;
    const sync::IrqSaveGuard guard(tree.lock);
    for (const ExitRecord& record : bucket(tree, id.pid)) {
        if (record.text.id == id) return record.ref;
    }
    return {};
}

bool FamilyTree::has_record(ProcRef ref) {
    Tree& tree = *the_tree;
    const sync::IrqSaveGuard guard(tree.lock);
    for (const ExitRecord& record : bucket(tree, ref.pid)) {
        if (record.ref == ref) return true;
    }
    return false;
}

// --- Waiting. ---

/// What a waiter finds. The tree's lock is held.
FamilyTree::Found FamilyTree::find(const Family& family, ProcRef ref, WhoWaits who) {
    the_tree->lock.assert_held();
    if (family.self_->ref() != ref) return Found::kParentGone;
    if (!family.records_.empty()) return Found::kRecord;
    if (family.lost_ != 0) return Found::kLost;
    if (who == WhoWaits::kParent && family.waited_children_ == 0) return Found::kNoChildren;
    return Found::kNothing;
}

/// Takes what the waiter finds into `out`.
FamilyTree::Found FamilyTree::take(Family& family, ProcRef ref, WhoWaits who, WaitRecord& out) {
    ExitRecord* record = nullptr;
    {
        Tree& tree = *the_tree;
        const sync::IrqSaveGuard guard(tree.lock);
        const Found found = find(family, ref, who);
        if (found == Found::kLost) {
            out = {};
            out.message.format("lost {}", std::exchange(family.lost_, 0));
        }
        if (found != Found::kRecord) return found;
        record = family.records_.pop_front();
        --family.record_count_;
        bucket(tree, record->ref.pid).remove(*record);
    }
    out = record->text;
    ExitRecord::destroy(*record);
    return Found::kRecord;
}

Result<WaitRecord> FamilyTree::wait(Proc& parent, ProcRef ref, WhoWaits who) {
    Family& family = parent.family();
    {
        const sync::IrqSaveGuard guard(the_tree->lock);
        if (family.waiting_) return Error::kInUse;
        family.waiting_ = true;
    }
    const auto ready = [&family, ref, who] {
        const sync::IrqSaveGuard guard(the_tree->lock);
        return find(family, ref, who) != Found::kNothing;
    };
    WaitRecord out;
    Found found = Found::kNothing;
    Result<void> slept;
    do {  // again if the parent, ending, dropped the record that was there
        slept = sched::sleep(family.rendez_, ready);
        found = take(family, ref, who, out);
    } while (found == Found::kNothing && slept.ok());
    {
        const sync::IrqSaveGuard guard(the_tree->lock);
        family.waiting_ = false;
    }
    switch (found) {
        case Found::kRecord:
        case Found::kLost:
            break;
        case Found::kNoChildren:
            return Error::kNoLivingChildren;
        case Found::kParentGone:
            return Error::kProcessExited;
        case Found::kNothing:
            return slept.error();
    }
    return out;
}

void FamilyTree::wake_waiter(Proc& gone) { sched::wakeup(gone.family().rendez_); }

}  // namespace kernel::proc
