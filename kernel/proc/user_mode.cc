// Which memory a hart runs in; what a trap of a program comes to.
#include "proc/user_mode.h"

#include "base/log.h"
#include "machine/interrupts.h"
#include "proc/delivery.h"
#include "proc/exit.h"
#include "proc/notes.h"
#include "proc/user_notes.h"
#include "proc/watching.h"
#include "sched/hart_stats.h"
#include "sched/scheduler.h"

namespace kernel::proc {

void UserMode::start(Proc& made, Ref<mm::AddressSpace> space, Ref<chan::Path> file) {
    made.space_ = std::move(space);
    made.program_file_ = std::move(file);
    made.floats_.used = 0;
    const sync::IrqSaveGuard guard(made.lock_);
    begin_counts(made);
}

void UserMode::begin_counts(Proc& proc) {
    // relaxed (both): only its hart and its maker write them.
    machine::UserRoom& room = machine::user_room(proc.stack_.bytes());
    room.calls.store(0, std::memory_order_relaxed);
    // What the slot's last process called is not this one's.
    for (machine::CallRecord& record : proc.call_records_) record = {};
    room.records = room.record = proc.call_records_.data();
    proc.secret_calls_ = 0;
    room.stamp = 0;
    for (Atomic<u64>& counter : proc.traps_) counter.store(0, std::memory_order_relaxed);
    proc.calls_counted_ = 0;
}

void UserMode::count_calls(Proc& proc) {
    if (!proc.space_) return;
    const u64 calls = proc.calls();
    sched::my_stats().syscalls.add(calls - std::exchange(proc.calls_counted_, calls));
}

void UserMode::replace(Proc& self, Ref<mm::AddressSpace> space, Ref<chan::Path> file) {
    Ref<mm::AddressSpace> before = std::move(space);
    Ref<mm::WatchSet> watches;  // those of the memory that goes
    Ref<Profile> profile;       // and of the program
    self.touched() = 0;
    {
        const sync::IrqSaveGuard guard(self.lock_);
        count_calls(self);
        if (!self.space_) begin_counts(self);
        std::swap(before, self.space_);
        self.swap_watches(watches);
        self.swap_profile(profile);
        std::swap(file, self.program_file_);
        if (self.space_) {
            machine::run_in(&self.space_->tables(), &self.registers(), &self.floats_);
        } else {
            machine::run_in(nullptr, nullptr, nullptr);
        }
    }
    // The last references go here, where no hart runs in it and its end may take its time.
}

void UserMode::switching(sched::Task& from, sched::Task& to) {
    if (Proc* const left = from.owner<Proc>(); left != nullptr) count_calls(*left);
    Proc* const proc = to.owner<Proc>();
    if (proc != nullptr && proc->space_) {
        machine::run_in(&proc->space_->tables(), &proc->registers(), &proc->floats_);
    } else {
        machine::run_in(nullptr, nullptr, nullptr);
    }
}

void user_entry() {
    sched::Task& task = sched::Task::current();
    const sched::Task::Charged charged = task.charge_system();
    Proc& self = *task.owner<Proc>();
    self.set_stamp(charged.now);
    self.profile_time(charged.now, charged.passed);
}

namespace {

/// Whether user_exit() would do anything. The interrupt flag alone may wait for a call that blocks.
[[gnu::cold, gnu::noinline]] bool has_something_to_do(Proc& self) {
    const sync::IrqSaveGuard guard(self.lock());
    return has_pending_locked(self) || self.signals().control == Control::kStop;
}

}  // namespace

bool user_exit_wanted() {
    sched::Task& task = sched::Task::current();
    Proc& self = *task.owner<Proc>();
    if (task.interrupt_pending_before_user() && has_something_to_do(self)) return true;
    if (self.touched() != 0 || sched::is_spent(task)) return true;
    machine::use_calls(self.calls_are_watched() ? machine::upcalls::procyon_watched_calls
                                                : machine::upcalls::procyon_system_calls);
    if (self.is_profiled()) [[unlikely]]
        sched::want_timer_within(Profile::kTick);
    self.set_stamp(task.charge_user().now);
    return false;
}

namespace {

using machine::UserAttempt;
using machine::upcalls::UserTrap;

std::optional<UserAttempt> attempt_of(UserTrap trap) {
    switch (trap) {
        case UserTrap::kLoad:
            return UserAttempt::kLoad;
        case UserTrap::kStore:
            return UserAttempt::kStore;
        case UserTrap::kExecute:
            return UserAttempt::kExecute;
        case UserTrap::kIllegalInstruction:
        case UserTrap::kBreakpoint:
        case UserTrap::kMisaligned:
        case UserTrap::kAccess:
            break;
    }
    return std::nullopt;
}

/// The note for what cannot be settled. Plan 9's words where it has the case.
std::string_view note_for(UserTrap trap, VirtAddr address, std::span<char> text) {
    switch (trap) {
        case UserTrap::kLoad:
            return format_into(text, "sys: trap: fault read addr=0x{:x}", address.value);
        case UserTrap::kStore:
            return format_into(text, "sys: trap: fault write addr=0x{:x}", address.value);
        case UserTrap::kExecute:
            return format_into(text, "sys: trap: fault execute addr=0x{:x}", address.value);
        case UserTrap::kIllegalInstruction:
            return "sys: trap: illegal instruction";
        case UserTrap::kBreakpoint:
            return "sys: breakpoint";
        case UserTrap::kMisaligned:
            return format_into(text, "sys: odd address addr=0x{:x}", address.value);
        case UserTrap::kAccess:
            return format_into(text, "sys: trap: bus error addr=0x{:x}", address.value);
    }
    return "sys: trap";
}

Result<void> serve_fault(Proc& self, machine::UserRegisters& registers, VirtAddr address,
                         UserAttempt attempt) {
    const mm::AddressSpace::Faulted faulted = TRY(self.my_space()->fault(address, attempt));
    if (faulted == mm::AddressSpace::Faulted::kServed) return {};
    return access_watched(self, registers);
}

/// Not its fault, but it cannot go on, not even in a handler. It ends without staying Broken, which
/// would keep its memory; unless it is to end anyway.
void end_without_page(Proc& self) {
    FixedString<kNameMax> name;
    {
        const sync::IrqSaveGuard guard(self.lock());
        if (self.signals().told_to_end()) return;
        name = self.attributes().text;
    }
    klog("{}: {} killed: no memory for a page of its own, and it has {} pages", self.id().pid,
         name.view(), self.my_space()->resident());
    exits_by_note(NoteKind::kExit, "sys: no memory for a page");
}

/// Whether its note handler would begin here, with the registers it was given.
bool begins_handler(Proc& self, machine::UserRegisters& registers) {
    const sync::IrqSaveGuard guard(self.lock());
    const Signals& signals = self.signals();
    return signals.handling && registers.pc == signals.user_handler.value &&
           registers.sp() == signals.user_frame.value;
}

}  // namespace

void user_trap(machine::UserRegisters& registers, UserTrap trap, VirtAddr address) {
    Proc& self = current();
    self.count(trap);
    if (const std::optional<UserAttempt> attempt = attempt_of(trap)) {
        sched::my_stats().page_faults.add();
        const sched::WaitReason reason("Fault");
        const Result<void> served = serve_fault(self, registers, address, *attempt);
        if (served.ok()) return;
        if (served.error() == Error::kNoMemory) return end_without_page(self);
        // A handler that is not there is found out here, where it costs those that are nothing.
        if (trap == UserTrap::kExecute && begins_handler(self, registers)) {
            exits_by_note(NoteKind::kDebug, "Suicide");
        }
    }
    // The note is of this instruction, not of a call that was to be made here.
    self.repetition().clear();
    std::array<char, kNoteMax> text;
    (void)post_note(self.ref(), NoteKind::kDebug,
                    note_for(trap, address, text));  // ignored: it ends, whatever it is by
}

}  // namespace kernel::proc
