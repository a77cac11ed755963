// Caller: what names and devices know about who asks; every Proc has one.
#pragma once

#include "base/annotations.h"
#include "base/atomic.h"
#include "base/fixed_string.h"
#include "base/ref.h"
#include "base/std.h"
#include "chan/chan.h"
#include "chan/env_group.h"
#include "chan/fd_group.h"
#include "chan/io_counts.h"
#include "chan/namespace.h"
#include "chan/stat.h"
#include "sync/spin_lock.h"

namespace kernel::chan {

/// What a Caller is made from.
struct CallerStart {
    std::string_view user;
    u32 pid = 0;
    u32 parent_pid = 0;
    u64 serial = 0;
    Ref<Namespace> name_space;
    Ref<FdGroup> fds;
    Ref<EnvGroup> environment;
    Ref<Chan> dot;  // the current directory, not crossed into what is mounted on it
};

/// Who makes a call. Used by the task it belongs to for its own calls; the accessors that return
/// copies may be used by any task, for `/proc/n/fd`, `/proc/n/ns` and their like. Before start()
/// and after finish() the groups are null: own calls do not happen then, and others see that the
/// process is gone.
class Caller : Pinned {
public:
    constexpr Caller() = default;

    /// Gives it its identity and groups. Context: task; nobody uses it yet.
    void start(CallerStart&& from);
    /// Drops the groups and the directory: closes what nobody else holds. Context: its own task (or
    /// one that runs in its place), no lock held; blocks. Others may be looking at it.
    void finish();

    // --- Identity. Any task. ---

    UserName user() const;
    /// Context: any task: the process layer decides who may.
    void set_user(std::string_view name);
    /// How often set_user() was called on this object, whoever it is the Caller of. It rises before
    /// the user changes, so who reads it first and then the user knows a user at least as new.
    u64 user_changes() const {
        // [caller.changes] acquire: pairs with release in set_user().
        return user_changes_.load(std::memory_order_acquire);
    }
    bool is_eve() const;
    /// Whether the user is `none`, who may nothing that others may not.
    bool is_none() const;

    u32 pid() const {
        // relaxed: set by start(), before the process is found by others.
        return pid_.load(std::memory_order_relaxed);
    }
    u32 parent_pid() const {
        // relaxed: a number to show; whoever follows it revalidates.
        return parent_pid_.load(std::memory_order_relaxed);
    }
    void set_parent_pid(u32 pid) {
        // relaxed: as in parent_pid().
        parent_pid_.store(pid, std::memory_order_relaxed);
    }
    u64 serial() const {
        // relaxed: as in pid().
        return serial_.load(std::memory_order_relaxed);
    }

    // --- Groups and directory, for any task: a reference, or null when the process is gone. ---

    Ref<Namespace> name_space() const;
    Ref<FdGroup> fds() const;
    Ref<EnvGroup> environment() const;
    Ref<Chan> dot() const;

    // --- The same for its own task, which alone replaces them: no lock, no count. ---

    Namespace& my_name_space() const { return *name_space_; }
    FdGroup& my_fds() const { return *fds_; }
    EnvGroup& my_environment() const { return *environment_; }
    const Ref<Chan>& my_dot() const { return dot_; }

    /// Replace a group (rfork without RFPROC) or the directory (chdir); the old one is dropped.
    /// Context: its own task, no lock held; may block closing files.
    void set_name_space(Ref<Namespace> next);
    void set_fds(Ref<FdGroup> next);
    void set_environment(Ref<EnvGroup> next);
    void set_dot(Ref<Chan> next);

    /// What it has read and written. Its own task counts, any looks.
    IoCounts& io() { return io_; }

    // --- Error detail. ---

    /// The text that follows the error string of the error just returned (`: '/no/such'`, ` "frob
    /// 3"`): the running task's room for it. The layer that adds the detail writes it; who begins
    /// an operation clears it. Context: task.
    static FixedString<kErrorTextMax>& error_detail();

private:
    using Lock = sync::SpinLock<sync::LockRank::kCaller>;

    mutable Lock lock_;
    UserName user_ GUARDED_BY(lock_);
    Atomic<u64> user_changes_{0};  // atomic: [caller.changes] written under lock_
    Atomic<u32> pid_{0};           // atomic: relaxed
    Atomic<u32> parent_pid_{0};    // atomic: relaxed
    Atomic<u64> serial_{0};        // atomic: relaxed

    // Written by its own task under lock_; read by its own task without it, by others under it.
    Ref<Namespace> name_space_;
    Ref<FdGroup> fds_;
    Ref<EnvGroup> environment_;
    Ref<Chan> dot_;
    IoCounts io_;
};

/// Writes the text of `error` with the running task's detail, as errstr shows it, cut to
/// kErrorTextMax - 1 bytes.
void print_error(Sink& sink, Error error);

}  // namespace kernel::chan
