// Birth: a process being made: what has been got for it, given back unless all goes well.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "proc/proc.h"
#include "proc/spawn.h"

namespace kernel::proc {

/// One step after the other; each may fail, and then the destructor undoes those before. Nobody
/// finds the process until commit(), whose first step is the last that may fail. The user is the
/// task of the maker, or boot.
class Birth : Pinned {
public:
    Birth() = default;
    ~Birth();

    /// What is to be made.
    struct Plan {
        std::string_view name{};
        std::string_view args{};
        void (*body)(void*) = nullptr;
        void* argument = nullptr;
        sched::Priority priority = sched::kNormalPriority;
        bool fixed_priority = false;
        sched::HartSet harts = sched::kAllHarts;
        bool kernel_process = false;
    };

    /// Takes a slot and a stack and, if its end shall leave one, an exit record. Errors: kNoProcs,
    /// kNoMemory.
    Result<void> take(const Plan& plan, Waited waited);
    /// Gives it a number, a further one being taken by its exit record. `parent` keeps its maker's
    /// number. Errors: kNoProcs, kInterrupted.
    Result<void> name(Result<pid::PidRef> number, pid::PidRef parent);
    /// Makes it the leader of a group of its own. Errors: kNoMemory.
    Result<void> lead_group();
    /// When it is certain that there will be a process, and before it does anything, few devices
    /// can be named in `names` any more, which it shares with others.
    void forbid_devices(Ref<chan::Namespace> names) { forbidden_ = std::move(names); }
    /// Gives it what its calls act with.
    void start_caller(chan::CallerStart&& from);

    /// The process made so far.
    Proc& proc() { return *proc_; }

    /// Makes it one of its maker's children and group, lets it be found, and starts it. `maker`
    /// null: boot, or a kernel process, which has neither parent nor group. If the maker has a note
    /// to meet, or got any since its count of arrivals was `arrivals`, and would share it with the
    /// child: kInterrupted.
    Result<ProcId> commit(Proc* maker, u64 arrivals);

private:
    Result<void> enter(Proc* maker, u64 arrivals);

    Proc* proc_ = nullptr;
    Plan plan_;
    Waited waited_ = Waited::kNo;
    Ref<NoteGroup> own_group_;
    Ref<chan::Namespace> forbidden_;
};

}  // namespace kernel::proc
