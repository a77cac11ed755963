// The beginning and the end of a process, in the order that its neighbours rely on.
#include "proc/lifecycle.h"

#include "proc/broken.h"
#include "proc/complaint.h"
#include "proc/exit.h"
#include "proc/family_tree.h"
#include "proc/membership.h"
#include "proc/proc_table.h"
#include "proc/slots.h"
#include "proc/user_mode.h"

namespace kernel::proc {

Result<void> Lifecycle::equip(Proc& proc, const Birth::Plan& plan, Waited waited) {
    proc.kernel_process_ = plan.kernel_process;
    proc.body_ = plan.body;
    proc.argument_ = plan.argument;
    proc.stack_ = TRY(mm::KernelStack::create());
    if (waited == Waited::kYes) proc.record_ = TRY(ExitRecord::create());
    return {};
}

void Lifecycle::keep_numbers(Proc& proc, pid::PidRef parent) {
    proc.birth_parent_ = std::move(parent);
    if (proc.record_ == nullptr) return;
    proc.record_->number = proc.number_.dup();
    proc.record_->text.id = proc.id();
    proc.record_->ref = proc.ref();
}

pid::PidRef Lifecycle::number_of(const Proc& proc) { return proc.number_.dup(); }

void Lifecycle::make_task(Proc& proc, const Birth::Plan& plan) {
    std::array<char, kNameMax> name;
    {
        const sync::IrqSaveGuard guard(proc.lock_);
        std::copy_n(proc.attributes_.text.c_str(), proc.attributes_.text.size() + 1, name.data());
    }
    proc.task_.init(
        {.name = name.data(),
         .stack = proc.stack_.bytes().first(mm::KernelStack::kSize - machine::kUserRegistersRoom),
         .entry = task_main,
         .argument = &proc,
         .priority = plan.priority,
         .fixed_priority = plan.fixed_priority,
         .harts = plan.harts,
         .owner = &proc});
}

void Lifecycle::start(Proc& proc) {
    Slots::publish(proc);
    proc.task_.start();
}

void Lifecycle::unmake(Proc& proc) {
    if (proc.task_.state() == sched::TaskState::kNew) proc.task_.discard();
    proc.caller_.finish();
    if (proc.record_ != nullptr) ExitRecord::destroy(*std::exchange(proc.record_, nullptr));
    leave_trace(proc);
    {
        Ref<Profile> profile;  // goes without the lock
        const sync::IrqSaveGuard guard(proc.lock_);
        proc.swap_profile(profile);
    }
    proc.space_.reset();
    proc.program_file_.reset();
    proc.rendezvous_.reset();
    proc.maker_wait_.reset();
    proc.birth_parent_.reset();
    proc.number_.reset();
    proc.stack_ = {};
}

void Lifecycle::task_main(void* argument) {
    Proc& self = *static_cast<Proc*>(argument);
    if (self.body_ == nullptr) machine::enter_user();
    self.body_(self.argument_);
    if (self.is_kproc()) end(self, "kproc exiting", Ending::kBroken);
    exits("");
}

// --- The end. ---

void Lifecycle::set_message(Proc& self, std::string_view status) {
    if (self.record_ == nullptr || status.empty()) return;
    FixedString<kNameMax> text;
    {
        const sync::IrqSaveGuard guard(self.lock_);
        text = self.attributes_.text;
    }
    self.record_->text.message.format("{} {}: {}", text.view(), self.id().pid, status);
}

/// Others wait for its memory, and so do its words, for room. They wait for nothing else: not for a
/// pipe that nobody reads.
void Lifecycle::explain_without_memory(Proc& self, std::string_view status) {
    UserMode::replace(self, {}, {});
    {
        const sync::IrqSaveGuard guard(self.lock_);
        self.task_.interrupt();
    }
    explain(self, status);
    {
        const sync::IrqSaveGuard guard(self.lock_);
        self.task_.clear_interrupt();
    }
}

void Lifecycle::end(Proc& self, std::string_view status, Ending ending) {
    status = cut_at_rune(status, kNoteMax - 1);
    if (self.id().pid == 1) PANIC("boot process died: {}", status.empty() ? "unknown" : status);
    {
        const sync::IrqSaveGuard guard(self.lock_);
        // From here on it refuses notes, and nothing interrupts its last calls.
        self.set_state(ProcState::kExiting);
        self.signals_.notes.clear();
        // Whoever was told to end does not stay Broken.
        self.signals_.released = self.signals_.told_to_end();
        self.signals_.control = Control::kNone;
        self.signals_.interrupt_asked = self.signals_.unseen = false;
        self.task_.clear_interrupt();
    }
    self.alarm_.cancel();
    sched::expel(self.task_);
    set_message(self, status);
    if (ending == Ending::kForMemory) explain_without_memory(self, status);
    self.caller_.finish();
    self.rendezvous_.reset();
    // Also if it stays Broken: its program does nothing any more.
    self.release_maker();
    leave_trace(self);
    FamilyTree::hand_over(self);
    if (ending == Ending::kBroken) {
        become_broken(self);
        // Whoever waits for it learns of its end now; a debugger may take its time.
        FamilyTree::leave_record(self, std::exchange(self.record_, nullptr));
        stay_broken(self);
    }
    UserMode::replace(self, {}, {});
    forget_calls(self);
    {
        const sched::QLockGuard debug(self.debug_);
        Membership::leave(self);
        Slots::unpublish(self);
    }
    FamilyTree::wake_waiter(self);
    self.birth_parent_.reset();
    sched::exit_current(reap);
}

/// Nobody is on its stack any more. Context: another stack, interrupts off.
void Lifecycle::reap(sched::Task& task) {
    Proc& gone = *task.owner<Proc>();
    gone.stack_ = {};  // before the tree's lock is taken: it may have to be unmapped
    // The parent finds the record when everything else of its child is given back.
    FamilyTree::remove(gone, std::exchange(gone.record_, nullptr), Slots::put_back);
}

}  // namespace kernel::proc
