// Task: what the scheduler runs: a kernel stack with its context, priority, affinity and accounts.
#pragma once

#include "base/atomic.h"
#include "base/error.h"
#include "base/fixed_string.h"
#include "base/list.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/context.h"
#include "machine/hart.h"
#include "sched/fading_average.h"
#include "sched/hart_set.h"
#include "sched/priority.h"
#include "sched/real_time.h"
#include "sched/task_state.h"
#include "sync/spin_lock.h"

namespace kernel::sched {

namespace detail {
class Core;      // the scheduler's inside
class RunQueue;  // the ready tasks of a hart
class Waits;     // the inside of Rendez, QLock, RWLock
}  // namespace detail

class QLock;
class RWLock;

/// Room for a task's name, NUL included.
inline constexpr usize kTaskNameMax = 28;

/// What a task is made from.
struct TaskOptions {
    std::string_view name{};  // cut at kTaskNameMax - 1
    Bytes stack{};  // 16-byte aligned, machine::kKernelStackSize or more; the task's until
                    // it is reaped
    machine::ContextEntry entry = nullptr;  // runs with interrupts on; returning from it is
                                            // exit_current(nullptr)
    void* argument = nullptr;
    Priority priority = kNormalPriority;
    bool fixed_priority = false;
    HartSet harts = kAllHarts;  // where it may run; at least one of the machine's harts
    void* owner = nullptr;      // whoever has the Task, for owner<T>()
};

/// Times a task has used. `user` + `system` is what it ran.
struct TaskTimes {
    Nanos user;
    Nanos system;
    Nanos started;  // now() at start()
};

/// What interrupts a hart.
enum class InterruptKind : u8 { kTimer, kIpi, kDevice };
inline constexpr usize kInterruptKinds = 3;

/// A flow of control. It is a member of something bigger (a Proc, a test's fixture) that gives it a
/// stack and may only go when the task is Dead or New. The state machine is in task_state.h.
class Task : Pinned {
public:
    constexpr Task() = default;
    ~Task();

    /// The running task. Any context once this hart is in the scheduler. Cost: one load.
    static Task& current() {
        Task* task = current_or_null();
        DEBUG_ASSERT(task != nullptr);
        return *task;
    }
    /// The same, or null before this hart entered the scheduler.
    static Task* current_or_null() { return static_cast<Task*>(machine::current_flow()); }

    /// Dead -> New. Context: any; nobody else knows the task yet.
    void init(const TaskOptions& options);
    /// New -> Ready: it will run. Context: any.
    void start();
    /// New -> Dead, for a task that shall not run after all. Context: any.
    void discard();

    // --- What it is. ---

    std::string_view name() const { return name_; }
    /// The owner given at init(). Const from init() on.
    template <class T>
    T* owner() const {
        return static_cast<T*>(owner_);
    }
    Bytes stack() const { return stack_; }

    // --- What it does; any context; a snapshot unless the caller excludes change. ---

    TaskState state() const;
    /// Why it blocks, for /proc and panics: what set_wait_reason() said last; empty if nothing.
    std::string_view wait_reason() const;
    /// The hart it runs on or ran on last.
    machine::HartIndex hart() const;
    /// Whether a hart is on its stack now.
    bool on_hart() const;
    TaskTimes times() const;
    /// How often a hart switched to it.
    u64 switches() const;
    /// How often its hart was interrupted while it ran. Any context; a snapshot.
    u64 interrupts(InterruptKind kind) const;
    /// What the event log calls it; 0: it is not traced. Any context.
    void set_traced(u32 label);
    u32 traced() const;
    /// Where it will go on when it runs again; meaningless while on_hart().
    const machine::Context& context() const { return context_; }

    // --- Priority and affinity; any context. ---

    Priority base_priority() const;
    /// The effective one, base less what its use of the processor costs it.
    Priority priority() const;
    bool fixed_priority() const;
    /// Sets the base, and whether use of the processor leaves the effective one alone. Takes effect
    /// at once. Locks: run queue.
    void set_priority(Priority base, bool fixed);
    /// Its share of a hart in real time, if it has one.
    detail::RealTime& real_time() { return real_time_; }
    const detail::RealTime& real_time() const { return real_time_; }
    HartSet harts() const;
    /// Confines it to `harts`, of which the machine must have one. If it is elsewhere it moves: at
    /// once when it waits or is ready, at its next interrupt when it runs. Locks: run queue.
    void set_harts(HartSet harts);

    // --- Interruption (notes use it). ---

    /// Sets the interrupt flag, and ends the task's interruptible sleep or lock wait if it is in
    /// one; if a hart runs it, interrupts that hart, so that a program meets the cause. Context:
    /// any. Locks: run queue. Returns whether it was waiting so.
    bool interrupt();
    /// If a hart runs it, interrupts that hart, so that what its program does next begins with what
    /// was stored for it before. Context: any.
    void interrupt_hart();
    /// Clears the flag. Context: any; usually the task itself when it has dealt with the cause.
    void clear_interrupt();
    bool interrupt_pending() const {
        // [task.wake] acquire: as in clear_interrupt().
        return (wake_.load(std::memory_order_acquire) & kInterruptPending) != 0;
    }
    /// The same for a task about to enter user mode, interrupts off: whoever sets the flag later
    /// finds it on this hart and sends it an interrupt. Context: itself. Cost: an atomic or.
    bool interrupt_pending_before_user();

    // --- For the task itself. ---

    /// Names what it is about to wait for. `text` has static storage; null clears. Context: itself.
    void set_wait_reason(const char* text);
    /// The detail that goes with the error last returned to this task, see Error. Context: itself.
    FixedString<kErrorTextMax>& error_detail() { return error_detail_; }

    // --- For the trap path: which account time goes to. Context: itself, interrupts off. ---

    /// Time that went to an account until now.
    struct Charged {
        Nanos passed;
        Nanos now;
    };
    /// From here on time is user time (about to return to user mode).
    Charged charge_user();
    /// From here on time is system time (just came from user mode).
    Charged charge_system();

private:
    void count(InterruptKind kind);

    friend class detail::Core;
    friend class detail::RealTime;
    friend void rest_if_spent();
    friend void yield();
    friend class detail::RunQueue;
    friend class detail::Waits;
    friend class QLock;
    friend class WaitReason;
    friend class RWLock;

    /// More sleeping locks than this at once is a bug in itself.
    static constexpr usize kMaxSleepLocks = 12;

    /// The one way to change the state; stops at a change task_may_change() does not know.
    void set_state(TaskState to);
    /// Sets its effective priority while it has a share; nothing: it has none any more. For real_time.cc.
    void set_real_time_rank(std::optional<Priority> rank);
    template <class Change>
    void change_priorities(Change&& change);
    Priorities priorities() const;
    void set_priorities(Priorities to);
    /// Adds what passed since the last call to the account that runs, and returns it.
    Charged charge(Nanos now);
    /// Computes the effective priority from what it used lately.
    void reprioritize(Nanos now, u32 load);
    /// The same for one that has run since it was switched to, or since the last call.
    void reprioritize_running(Nanos now, u32 load);

    FixedString<kTaskNameMax> name_;         // const after init
    void* owner_ = nullptr;                  // const after init
    Bytes stack_;                            // const after init
    machine::ContextEntry entry_ = nullptr;  // const after init
    void* argument_ = nullptr;               // const after init
    machine::Context context_;               // its own while it runs, else of who switches to it

    Atomic<u32> state_{0};                      // atomic: [task.state] see task_state.h
    Atomic<u32> on_hart_{0};                    // atomic: [task.on] see core.h
    static constexpr u32 kInterruptPending = 1;
    Atomic<u32> wake_{0};                       // atomic: [task.wake] see waits.h
    Atomic<u32> hart_{0};                       // atomic: where it runs or was queued last; a hint
    Atomic<u32> queued_at_{0};                  // atomic: [queue.requeue] hart + 1; 0: not queued
    Atomic<HartSet> harts_{kAllHarts};          // atomic: [queue.requeue]
    Atomic<u32> priorities_{0};                 // atomic: [queue.requeue] a packed Priorities
    Atomic<const char*> wait_reason_{nullptr};  // atomic: a pointer to static text
    Atomic<u64> user_ns_{0};                    // atomic: written by the hart it is on
    Atomic<u64> system_ns_{0};                  // atomic: written by the hart it is on
    Atomic<u64> started_ns_{0};                 // atomic: written by start()
    Atomic<u64> switches_{0};                   // atomic: written by the hart it is on
    std::array<Atomic<u64>, kInterruptKinds> interrupts_{};  // atomic: as switches_
    Atomic<u32> traced_{0};                     // atomic: set by whoever traces it
    Nanos charged_{};                           // of the hart it is on
    bool in_user_ = false;                      // of the hart it is on
    FadingAverage usage_;  // of the hart it is on; guarded by the lock of the queue it is on

    detail::RealTime real_time_{*this};

    ListHook<Task> queue_hook_;  // guarded by the lock of the queue it is on
    Priority queued_level_ = 0;  // guarded by the lock of the queue it is on
    ListHook<Task> wait_hook_;   // guarded by the spin lock inside the sleeping lock
    bool wants_write_ = false;   // guarded by the spin lock inside the sleeping lock
    bool granted_ = false;       // guarded by the spin lock inside the sleeping lock
    std::array<sync::LockRank, kMaxSleepLocks> sleep_locks_{};  // its own: ranks held, as taken
    u32 sleep_lock_count_ = 0;                                  // its own
    FixedString<kErrorTextMax> error_detail_;                   // its own
};

/// Gives way to other ready tasks of the same or a higher priority. Context: task, interrupts on.
void yield();

/// Gives way if a task that matters more waits; for long loops. Context: task, interrupts on.
/// Cost: one load when there is none.
void yield_if_wanted();

/// Ends the running task. `reap(task)`, if not null, is called when no hart uses its stack any more
/// and its state is Dead, on another stack, interrupts off: it may free stack and Task, take spin
/// locks and wake others, but not sleep. Context: task, interrupts on, no spin lock held.
[[noreturn]] void exit_current(void (*reap)(Task& task));

/// Names what the running task waits for, while the object lives; then what it was before.
class WaitReason : Pinned {
public:
    /// `text` has static storage.
    explicit WaitReason(const char* text);
    ~WaitReason();

private:
    const char* previous_;
};

}  // namespace kernel::sched
