// What a process changes of itself; users, note ids; the report for panics.
#include "proc/self.h"

#include "proc/family_tree.h"
#include "proc/membership.h"
#include "proc/proc_table.h"
#include "proc/tracing.h"
#include "sched/task_state.h"

namespace kernel::proc {

u32 parent_pid(const Proc& proc) { return proc.caller().parent_pid(); }

u32 note_id(Proc& proc) {
    const sync::IrqSaveGuard guard(proc.lock());
    return note_id_locked(proc);
}

u32 note_id_locked(const Proc& proc) {
    if (proc.note_group()) return proc.note_group()->number();
    return proc.is_kproc() ? proc.id().pid : 0;
}

ChildTimes child_times(const Proc& proc) {
    const FamilyTree::Used used = FamilyTree::used_by_ended(proc);
    return {used.user, used.system};
}

void set_dot(Ref<chan::Chan> dot) { current().caller().set_dot(std::move(dot)); }

void set_text(std::string_view text, std::string_view args) {
    Proc& self = current();
    const sync::IrqSaveGuard guard(self.lock());
    self.attributes().text.assign(text);
    self.attributes().args.assign(args);
    self.attributes().renamed = false;
}

void set_user(std::string_view user) {
    Proc& self = current();
    self.caller().set_user(user);
    self.task().set_priority(sched::kNormalPriority, false);
}

void rename_user(std::string_view from, std::string_view to) {
    ProcTable::Cursor cursor;
    while (const std::optional<ProcRef> next = table().next(cursor)) {
        {
            const ProcHold hold = table().hold(*next);
            if (!hold || hold->caller().user().view() != from) continue;
            hold->caller().set_user(to);
        }
        // It may wait there, where nothing of it is told any more.
        (void)stop_trace(*next);  // ignored: most have none
    }
}

namespace {

/// The group that process `proc` shall join for `id`. Its debug lock is held.
Result<Ref<NoteGroup>> group_for(Proc& proc, u32 id) {
    const chan::UserName user = proc.caller().user();
    Ref<NoteGroup> group = NoteGroup::find(id);
    if (id == proc.id().pid) {
        // Others may still be in the group it once led.
        if (group) return group;
        return NoteGroup::create(table().pids().acquire(id));
    }
    if (!group || !Membership::has_user(*group, user)) return Error::kPermission;
    return group;
}

}  // namespace

Result<void> set_note_id(ProcRef target, u32 id) {
    if (id == 0) return Error::kBadArg;
    Proc* proc = target.pid == 0 ? nullptr : table().slot(target.slot);
    if (proc == nullptr) return Error::kProcessExited;
    // Dropped after the locks: the old group may go with it.
    if (!proc->debug_lock().lock_interruptible()) return Error::kInterrupted;
    const sched::QLockGuard debug(proc->debug_lock(), sched::kAdoptLock);
    if (proc->ref() != target || proc->state() != ProcState::kLive) return Error::kProcessExited;
    if (proc->is_kproc()) return Error::kPermission;
    if (note_id(*proc) == id) return {};
    Result<void> moved = Membership::move(*proc, TRY(group_for(*proc, id)));
    // It died between finding and joining it.
    if (!moved.ok() && moved.error() == Error::kNotExist) return Error::kPermission;
    return moved;
}

void print_processes(Sink& sink) {
    ProcTable& all = table();
    for (u32 i = 0; Proc* proc = all.slot(i); ++i) {
        const ProcId id = proc->id();
        if (id.pid == 0) continue;
        const sched::Task& task = proc->task();
        format_to(sink, "{} {} {} {} {}\n", id.pid, task.name(), proc_state_name(proc->state()),
                  sched::task_state_name(task.state()), task.wait_reason());
    }
}

}  // namespace kernel::proc
