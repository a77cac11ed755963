// spawn and kproc: making processes that execute kernel code.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "proc/notes.h"
#include "proc/proc_ref.h"

namespace kernel::proc {

/// What becomes of a group (descriptors, names, environment) in a new process.
enum class Inherit : u8 {
    kShare,  // the maker's own
    kCopy,   // a copy of it
    kEmpty,  // a fresh one
};
enum class GroupOf : u8 {
    kMaker,  // the maker's note group
    kSelf,   // a new one, led by the new process
};
enum class Waited : u8 {
    kYes,  // its end leaves a record with its parent
    kNo,   // nobody waits for it (Plan 9: RFNOWAIT)
};

/// What becomes of the maker's program in a new process.
enum class Memory : u8 {
    kNone,       // it executes kernel code
    kCopy,       // a copy of the maker's memory, and its registers with 0 as result of the call
    kShareData,  // the same, but data and bss are the maker's own (Plan 9: RFMEM)
    kShareAll,   // the same with all of the maker's memory, its stack too
};

/// How a new process with a program begins.
enum class Begin : u8 {
    kAtOnce,
    kBeforeMaker,  // its maker goes on when it has executed a program or ended (vfork)
    kStopped,      // when it is started by its ctl file
};

/// A new process. Defaults are those of fork.
struct SpawnOptions {
    std::string_view name{};  // its text, cut at kNameMax - 1
    std::string_view args{};  // its words, as in Attributes; not kept
    Memory memory = Memory::kNone;
    void (*body)(void*) = nullptr;  // what it does without a program; returning is exits("")
    void* argument = nullptr;       // for `body`, which always begins, so it may own it
    Inherit fds = Inherit::kCopy;
    Inherit names = Inherit::kShare;
    Inherit environment = Inherit::kShare;
    bool forbid_devices = false;           // in its name space, also if that is shared
    Inherit rendezvous = Inherit::kShare;  // there is no copy of these
    GroupOf group = GroupOf::kMaker;
    Waited waited = Waited::kYes;
    Begin begin = Begin::kAtOnce;
};

/// Makes a process: a child of the current one, with its user, directory, priority, modes and, if
/// it executes the same program, note handler. All or nothing: after an error everything is
/// as before. Context: task of a process, interrupts on, no lock held. May block. Errors:  kNoProcs
/// if the table or the numbers are used up; kNoMemory; kInterrupted if a note
///          waits for the maker or came meanwhile, so that it is met before there is a child that
///          missed it.
/// Cost:    O(1), and O(descriptors) for a copy.
Result<ProcId> spawn(const SpawnOptions& options);

/// What the first process has, which inherits from nobody.
struct FirstProcess {
    std::string_view name{};
    std::string_view args{};
    void (*body)(void*) = nullptr;
    void* argument = nullptr;
    Ref<chan::Namespace> names{};
    Ref<chan::FdGroup> fds{};
    Ref<chan::EnvGroup> environment{};
    Ref<chan::Chan> dot{};
};

/// Makes pid 1, owned by the host owner. Context: boot, after init(); once.
Result<ProcId> spawn_first(FirstProcess first);

/// Makes a kernel process of the host owner: no groups but names, no parent, never signalled. A
/// `function` that returns leaves it Broken with the status `kproc exiting`; ends properly by
/// exits("").
/// Context: task of a process, interrupts on, no lock held.
/// Errors:  as spawn().
Result<ProcId> kproc(std::string_view name, void (*function)(void*), void* argument);

/// What rfork without RFPROC does to the current process.
struct Regroup {
    std::optional<Inherit> fds{};  // nothing: left alone; kShare: the same
    std::optional<Inherit> names{};
    std::optional<Inherit> environment{};
    bool new_note_group = false;
    bool new_rendezvous = false;
};
/// Applies it: all or nothing. Context: task of a process, interrupts on, no lock held. May block.
/// Errors: kNoMemory, kNoProcs (no number for a group).
Result<void> regroup(const Regroup& change);

}  // namespace kernel::proc
