// The steps by which a process comes into the world.
#include "proc/birth.h"

#include "proc/exit.h"
#include "proc/family_tree.h"
#include "proc/lifecycle.h"
#include "proc/membership.h"
#include "proc/proc_table.h"
#include "proc/slots.h"

namespace kernel::proc {

Birth::~Birth() {
    if (proc_ == nullptr) return;
    Lifecycle::unmake(*proc_);
    Slots::put_back(*proc_);
}

Result<void> Birth::take(const Plan& plan, Waited waited) {
    proc_ = TRY(Slots::take());
    plan_ = plan;
    waited_ = waited;
    TRY(Lifecycle::equip(*proc_, plan, waited));
    const sync::IrqSaveGuard guard(proc_->lock());
    proc_->attributes().text.assign(plan.name);
    proc_->attributes().args.assign(plan.args);
    return {};
}

Result<void> Birth::name(Result<pid::PidRef> number, pid::PidRef parent) {
    Slots::name(*proc_, TRY(std::move(number)));
    Lifecycle::keep_numbers(*proc_, std::move(parent));
    return {};
}

Result<void> Birth::lead_group() {
    own_group_ = TRY(NoteGroup::create(Lifecycle::number_of(*proc_)));
    return {};
}

void Birth::start_caller(chan::CallerStart&& from) {
    const ProcId id = proc_->id();
    from.pid = id.pid;
    from.serial = id.serial;
    from.parent_pid = proc_->birth_parent();
    proc_->caller().start(std::move(from));
}

/// The first step of its public life.
Result<void> Birth::enter(Proc* maker, u64 arrivals) {
    if (plan_.kernel_process) {
        const sync::IrqSaveGuard guard(proc_->lock());
        proc_->set_state(ProcState::kLive);
        return {};
    }
    if (own_group_) return Membership::enter(*proc_, own_group_, nullptr, 0);
    ASSERT(maker != nullptr);
    // Under the debug lock the maker's group cannot be changed by others.
    const sched::QLockGuard debug(maker->debug_lock());
    Ref<NoteGroup> group;
    {
        const sync::IrqSaveGuard guard(maker->lock());
        group = maker->note_group();
    }
    ASSERT(group);  // the maker is no kernel process, and lives
    return Membership::enter(*proc_, group, maker, arrivals);
}

Result<ProcId> Birth::commit(Proc* maker, u64 arrivals) {
    Lifecycle::make_task(*proc_, plan_);
    {
        // A process that begins stopped meets that before its first instruction.
        const sync::IrqSaveGuard guard(proc_->lock());
        if (proc_->signals().interrupt_wanted()) proc_->task().interrupt();
    }
    TRY(enter(maker, arrivals));
    // From here on it cannot fail.
    if (forbidden_) forbidden_->forbid_devices();
    Proc& born = *std::exchange(proc_, nullptr);
    const ProcId id = born.id();
    FamilyTree::add(born, plan_.kernel_process ? nullptr : maker, waited_ == Waited::kYes);
    Lifecycle::start(born);
    return id;
}

}  // namespace kernel::proc
