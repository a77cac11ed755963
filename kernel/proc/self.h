// What a process asks and changes of itself, and what #c asks of all: user, directory, names.
#pragma once

#include "base/format.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "proc/proc.h"

namespace kernel::proc {

/// The number of a process's parent: of its maker, or 1 once the maker has ended; 0 for pid 1.
/// Any context.
u32 parent_pid(const Proc& proc);
/// The number of its note group; 0 if it has none any more. Any context.
u32 note_id(Proc& proc);
/// The same for who holds it.
u32 note_id_locked(const Proc& proc) REQUIRES(proc.lock());
/// What its ended children used, with theirs. Any context.
struct ChildTimes {
    Nanos user;
    Nanos system;
};
ChildTimes child_times(const Proc& proc);

/// Makes `dot` the current process's directory. Context: task of a process, no lock held.
void set_dot(Ref<chan::Chan> dot);
/// Replaces the current process's program name, and its arguments.
void set_text(std::string_view text, std::string_view args);
/// Makes `user` the current process's user, at normal priority. Who may is the caller's question.
void set_user(std::string_view user);
/// Makes every process of user `from` one of user `to`, those too that are being made: what a new
/// host owner takes with it. Context: task, no lock held. Cost: O(processes), with preemption
/// points.
void rename_user(std::string_view from, std::string_view to);
/// The same for one; whether it was of user `from`. Context: as above.
bool rename_user(ProcRef target, std::string_view from, std::string_view to);

/// Which groups whoever asks may put a process into.
enum class Joining : u8 {
    kNothing,  // a new one of its own
    kOthers,   // also one that others are in
};

/// Joins the process to note group `id`: 0 is kBadArg; its present group is nothing to do; its own
/// number makes it leader of a fresh group; else `joining` must allow it, and some member of the
/// group, not a kernel process, must be of the same user.
/// Context: task of a process, no lock held. May block.
/// Errors:  kBadArg, kPermission, kProcessExited, kInterrupted, kNoMemory.
Result<void> set_note_id(ProcRef target, u32 id, Joining joining = Joining::kOthers);

/// Prints a line for each process. For panics: takes no lock.
void print_processes(Sink& sink);

}  // namespace kernel::proc
