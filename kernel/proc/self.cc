// What a process changes of itself; users, note ids; the report for panics.
#include "proc/self.h"

#include "proc/debug_lock.h"
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
    {
        const sync::IrqSaveGuard guard(self.lock());
        self.caller().set_user(user);
    }
    self.task().set_priority(sched::kNormalPriority, false);
}

bool rename_user(ProcRef target, std::string_view from, std::string_view to) {
    {
        const ProcHold hold = table().hold(target);
        if (!hold || hold->caller().user().view() != from) return false;
        hold->caller().set_user(to);
    }
    // It may wait there, where nothing of it is told any more.
    (void)stop_trace(target);  // ignored: most have none
    return true;
}

void rename_user(std::string_view from, std::string_view to) {
    if (from == to) return;
    // Whoever is made by one that is not renamed yet may come where this has been already. Ends:
    // all makers are renamed after the first turn; see also spawn().
    for (bool any = true; any;) {
        any = false;
        ProcTable::Cursor cursor;
        while (const std::optional<ProcRef> next = table().next(cursor)) {
            any = rename_user(*next, from, to) || any;
        }
    }
}

namespace {

/// Makes `proc` a member of the group that has number `id`. Its debug lock is held.
Result<void> join_group(Proc& proc, u32 id) {
    Ref<NoteGroup> group = NoteGroup::find(id);
    if (id == proc.id().pid) {
        // Others may still be in the group it once led.
        if (!group) group = TRY(NoteGroup::create(table().pids().acquire(id)));
        return Membership::move(proc, std::move(group));
    }
    if (!group) return Error::kPermission;
    return Membership::join(proc, std::move(group), proc.caller().user());
}

}  // namespace

Result<void> set_note_id(ProcRef target, u32 id, Joining joining) {
    if (id == 0) return Error::kBadArg;
    return with_debug_lock(target, [=](Proc& proc) -> Result<void> {
        if (proc.state() != ProcState::kLive) return Error::kProcessExited;
        if (proc.is_kproc()) return Error::kPermission;
        if (note_id(proc) == id) return {};
        // `none` is no member of anything that others are in.
        if (joining == Joining::kNothing && id != target.pid) return Error::kPermission;
        const Result<void> moved = join_group(proc, id);
        // It died between finding and joining it.
        if (!moved.ok() && moved.error() == Error::kNotExist) return Error::kPermission;
        return moved;
    });
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
