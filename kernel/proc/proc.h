// Proc: a process: a slot of the table with a task, what its calls act with, and its relations.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/path.h"
#include "machine/user.h"
#include "mm/address_space.h"
#include "mm/kernel_stack.h"
#include "mm/watch_set.h"
#include "pid/pid_ref.h"
#include "proc/alarm.h"
#include "proc/attributes.h"
#include "proc/call_watch.h"
#include "proc/family.h"
#include "proc/maker_wait.h"
#include "proc/note_group.h"
#include "proc/proc_ref.h"
#include "proc/proc_state.h"
#include "proc/profile.h"
#include "proc/rendezvous.h"
#include "proc/repetition.h"
#include "proc/signals.h"
#include "proc/tracing.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sched/task.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// A table slot and, while its state is not kFree, the process in it. The memory is type-stable: a
/// slot never moves and never becomes anything else, so a stale pointer may always be locked; it is
/// recognised by number and serial (ProcRef).
///
/// Two locks guard a process against others:
///  * the spin lock: whoever holds it (a ProcHold) finds the fields below consistent, and the
///    process does not lose its number meanwhile. Nothing sleeps under it.
///  * the debug lock, a sleeping lock: serialises requests that take more than one step (control
///    messages, changes of note group), and holds off the last part of the process's exit. No
///    channel is closed and nothing waits for the process itself under it. Order: debug lock,
///    then spin lock; never two debug locks.
/// Parents, children and exit records are under the lock of the family tree instead.
class Proc : Pinned {
public:
    /// An unused slot without a place in the table yet.
    Proc() = default;

    // --- Who it is. Any context; a snapshot, constant for the process itself.

    u32 slot() const { return slot_; }
    /// Zeroes while nobody, or while still being made.
    ProcId id() const;
    ProcRef ref() const;
    ProcState state() const;
    /// Whether others may find it: from its naming to its end, Broken included.
    bool is_visible() const;
    /// Whether it is a kernel process. Constant from its making to its end.
    bool is_kproc() const { return kernel_process_; }

    // --- What it has. For the process itself, unless the member says otherwise.

    sched::Task& task() { return task_; }
    const sched::Task& task() const { return task_; }
    /// What its calls act with; says itself what others may do with it.
    chan::Caller& caller() { return caller_; }
    const chan::Caller& caller() const { return caller_; }
    /// The memory of its program; null while it executes kernel code only.
    mm::AddressSpace* my_space() const { return space_.get(); }
    /// The name of the file that its program was executed from; null without a program. Its own and
    /// its maker's, and under the spin lock for others.
    const Ref<chan::Path>& program_file() const { return program_file_; }
    /// What its program has in registers; meaningful while it has a space, is not on a hart in user
    /// mode, and in no short call.
    machine::UserRegisters& registers() const { return machine::user_registers(stack_.bytes()); }
    /// Calls of its program, since it has one. Any context; a snapshot.
    u64 calls() const {
        // relaxed: a number of its own.
        return machine::user_room(stack_.bytes()).calls.load(std::memory_order_relaxed);
    }
    /// Those of its last calls that are still known and not secret, oldest first: `show(record)` of each. Under the spin
    /// lock; a snapshot of what goes on.
    template <class Show>
    void show_calls(Show&& show) const REQUIRES(lock_) {
        const u64 made = calls();
        // While it runs the oldest may be about to become the newest.
        const u64 places = call_records_.size() - (task_.on_hart() ? 1 : 0);
        const u64 known = std::min<u64>(made - secret_calls_, places);
        for (u64 n = made - known + 1; n <= made; ++n) show(call_records_[n % call_records_.size()]);
    }
    /// Those until now are nobody's business.
    void hide_calls() REQUIRES(lock_) { secret_calls_ = calls(); }
    /// The same of a kind of trap.
    u64 traps(machine::upcalls::UserTrap trap) const {
        // relaxed: as calls().
        return traps_[static_cast<usize>(trap)].load(std::memory_order_relaxed);
    }
    /// What its program has in floating-point registers; also for who makes it. Its program gets
    /// them back from here, which costs it a trap.
    machine::FloatRegisters& floats() {
        if (floats_.used != 0) machine::put_floats_away();
        return floats_;
    }
    /// The same for others, while no hart has any of them.
    machine::FloatRegisters& saved_floats() { return floats_; }
    /// Where it meets others; null for kernel processes. Its own and its maker's.
    const Ref<RendezvousGroup>& rendezvous() const { return rendezvous_; }
    void set_rendezvous(Ref<RendezvousGroup> group) { rendezvous_ = std::move(group); }
    /// What its maker waits for, if it does. Its own and its maker's.
    void set_maker_wait(Ref<MakerWait> wait) { maker_wait_ = std::move(wait); }
    /// Lets its maker go on, if that waits.
    void release_maker();
    /// Whether its program's calls go through the table for watched ones when it next enters user
    /// mode. Cost: one load.
    bool calls_are_watched() const {
        // relaxed: see watch_calls().
        return calls_watched_.load(std::memory_order_relaxed) != 0;
    }
    /// The call that its program is in, for whoever watches it. Its own.
    WatchedCall& watched_call() { return watched_call_; }
    /// What becomes of a call that a stop ends. Its own.
    Repetition& repetition() { return repetition_; }
    /// One more trap of its program. Its own.
    void count(machine::upcalls::UserTrap trap) {
        Atomic<u64>& counter = traps_[static_cast<usize>(trap)];
        // relaxed (both): only it writes them.
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// Watched ranges that its calls have touched, and nobody has told it. Its own.
    mm::WatchSet::Hits& touched() { return touched_; }
    /// Says when its program entered or left the kernel. Its own; interrupts off.
    void set_stamp(Nanos now) { machine::user_room(stack_.bytes()).stamp = now.value << 8; }
    /// Time in user mode up to here, for its profile, if it has one. Its own; interrupts off.
    void profile_time(Nanos now, Nanos used) {
        // [proc.profile] acquire: pairs with release in swap_profile().
        Profile* const profile = profiled_.load(std::memory_order_acquire);
        if (profile != nullptr) [[unlikely]] add_to_profile(*profile, now, used);
    }
    bool is_profiled() const {
        // relaxed: who makes it so interrupts its hart.
        return profiled_.load(std::memory_order_relaxed) != nullptr;
    }
    /// Its alarm.
    Alarm& alarm() { return alarm_; }
    /// The text of the last call of its program that failed, as errstr gives it.
    FixedString<kErrorTextMax>& error_text() { return error_text_; }
    /// Guarded by the family tree's lock; see family_tree.h.
    Family& family() { return family_; }
    const Family& family() const { return family_; }
    /// The number of its maker, which stays its own after the maker's end; 0 if there was none.
    u32 birth_parent() const { return birth_parent_.number(); }
    /// Where it sleeps when it is Stopped or Broken.
    sched::Rendez& stop_rendez() { return stop_rendez_; }

    // --- Under the spin lock, usually by a ProcHold.

    /// For this module; others take a ProcHold.
    auto& lock() const RETURN_CAPABILITY(lock_) { return lock_; }
    /// Tells, and checks, that the spin lock is held.
    void assert_held() const ASSERT_CAPABILITY(lock_) { lock_.assert_held(); }
    Attributes& attributes() REQUIRES(lock_) { return attributes_; }
    Signals& signals() REQUIRES(lock_) { return signals_; }
    /// Says anew whether its program's calls are watched, from what its signals and its trace say.
    void watch_calls() REQUIRES(lock_) {
        // relaxed: who is told of it in another way (a stop, an interrupt of its hart) finds it.
        const bool watched = signals_.stop_at_call || tracing_.trace;
        calls_watched_.store(watched ? 1 : 0, std::memory_order_relaxed);
    }
    /// The trace that it belongs to, see tracing.h.
    Tracing& tracing() REQUIRES(lock_) { return tracing_; }
    /// What was told last of one of its calls, see call_watch.h; may be null.
    const Ref<CallText>& call_text() const REQUIRES(lock_) { return call_text_; }
    void swap_call_text(Ref<CallText>& text) REQUIRES(lock_) { std::swap(text, call_text_); }
    /// What is watched of its memory; may be null. Changes under the debug lock too.
    const Ref<mm::WatchSet>& watches() const REQUIRES(lock_) { return watches_; }
    void swap_watches(Ref<mm::WatchSet>& watches) REQUIRES(lock_) { std::swap(watches, watches_); }
    /// Where its program spends its time; may be null.
    const Ref<Profile>& profile() const REQUIRES(lock_) { return profile_; }
    /// Only itself takes one away.
    void swap_profile(Ref<Profile>& profile) REQUIRES(lock_) {
        std::swap(profile, profile_);
        // [proc.profile] release: its counters are zeroes.
        profiled_.store(profile_.get(), std::memory_order_release);
    }
    /// The memory of its program, kept; null while it executes kernel code only.
    Ref<mm::AddressSpace> space() const REQUIRES(lock_) { return space_; }
    /// Null for kernel processes, and when it has left its group to end.
    const Ref<NoteGroup>& note_group() const REQUIRES(lock_) { return note_group_; }
    /// The one way to change the state; stops at a change proc_may_change() does not know.
    void set_state(ProcState to) REQUIRES(lock_);

    // --- Under the debug lock.

    sched::QLock& debug_lock() RETURN_CAPABILITY(debug_) { return debug_; }

private:
    friend class ProcTable;
    friend class UserMode;
    friend class Lifecycle;
    friend class Membership;
    friend class SlotPin;
    friend class Slots;
    static constexpr u32 kNoSlot = ~u32{0};
    void add_to_profile(Profile& profile, Nanos now, Nanos used);

    u32 slot_ = kNoSlot;  // const once it has a place in the table
    mutable sync::SpinLock<sync::LockRank::kProc> lock_;
    sched::QLock debug_{sync::LockRank::kProcDebug};

    Atomic<u32> state_{0};         // atomic: changes under lock_
    Atomic<u32> pid_{0};           // atomic: [proc.id] changes under lock_, and debug_ at the end
    Atomic<u64> serial_{0};        // atomic: [proc.id] as pid_
    bool kernel_process_ = false;  // const while it is visible

    sched::Task task_;              // its own locks
    Ref<mm::AddressSpace> space_;   // written by its maker and itself, under lock_ if it is visible
    Ref<chan::Path> program_file_;  // as space_
    mm::KernelStack stack_;         // of its maker, then of whoever reaps it
    machine::FloatRegisters floats_;         // its own and its maker's; of the hart it runs on
    Ref<RendezvousGroup> rendezvous_;        // its own
    Ref<MakerWait> maker_wait_;              // its own
    Alarm alarm_{*this};                     // its own lock
    FixedString<kErrorTextMax> error_text_;  // its own
    chan::Caller caller_;                    // its own lock
    pid::PidRef number_;                     // const while it is visible
    pid::PidRef birth_parent_;               // const while it is visible; keeps its maker's number
    ExitRecord* record_ = nullptr;   // of its maker, then of itself, then of whoever reaps it
    void (*body_)(void*) = nullptr;  // const while it is visible
    void* argument_ = nullptr;       // const while it is visible
    sched::Rendez stop_rendez_;      // its own lock

    Ref<NoteGroup> note_group_ GUARDED_BY(lock_);  // changes under debug_ too
    GroupPlace group_place_{this};                 // guarded by the note group's lock
    Attributes attributes_ GUARDED_BY(lock_);
    Signals signals_ GUARDED_BY(lock_);
    Ref<CallText> call_text_ GUARDED_BY(lock_);
    Tracing tracing_ GUARDED_BY(lock_);
    Ref<mm::WatchSet> watches_ GUARDED_BY(lock_);
    Ref<Profile> profile_ GUARDED_BY(lock_);
    Atomic<Profile*> profiled_{nullptr};  // atomic: [proc.profile] is profile_; written under lock_
    Nanos profile_rest_{};                // its own: less than a millisecond, not in it yet
    mm::WatchSet::Hits touched_ = 0;                                 // its own
    WatchedCall watched_call_;                                       // its own
    Repetition repetition_;                                          // its own
    std::array<Atomic<u64>, machine::upcalls::kUserTraps> traps_{};  // atomic: only it writes them
    std::array<machine::CallRecord, machine::kCallRecords> call_records_;  // the trap path's
    u64 secret_calls_ GUARDED_BY(lock_) = 0;  // how many come before those that may be shown
    u64 calls_counted_ = 0;         // of the hart it is on: those that are in a hart's statistics
    Atomic<u32> calls_watched_{0};  // atomic: written under lock_
    Family family_{*this};          // guarded by the family tree's lock

    u32 pins_ GUARDED_BY(lock_) = 0;       // others that sleep on something in this slot
    bool left_ GUARDED_BY(lock_) = false;  // its task is off its stack: free but for the pins
};

/// The process whose task runs, or null where none does (boot, idle, interrupts of these).
inline Proc* current_or_null() {
    sched::Task* const task = sched::Task::current_or_null();
    return task == nullptr ? nullptr : task->owner<Proc>();
}
/// The process whose task runs. Context: task of a process. Cost: two loads.
inline Proc& current() {
    Proc* const self = sched::Task::current().owner<Proc>();
    DEBUG_ASSERT(self != nullptr);
    return *self;
}

}  // namespace kernel::proc
