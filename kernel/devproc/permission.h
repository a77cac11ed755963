// Permission: the one function that says who may do what in #p.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/open_mode.h"
#include "devproc/file_table.h"
#include "devproc/target.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// What somebody wants with a file or directory.
enum class Wish : u8 {
    kSee,     // walk to it, list it, stat it
    kOpen,    // open it as a mode says
    kChange,  // wstat
};

struct Question {
    chan::Caller& caller;
    proc::ProcRef process;  // nobody: the root and its files
    const Target* target;   // of `process`; null for nobody
    const File* file;       // null: the directory
    Wish wish;
    chan::OpenMode mode;  // for kOpen
};

/// Whether the caller may. Every way into #p asks here, so they agree.
/// Errors: kPermission; kBadArg for what is no way to open anything; kProcessExited for what needs
/// the process itself when only its exit record is left.
Result<void> permit(const Question& question);

/// The permission bits that stat shows for `file` (null: a directory) of `target` (null: nobody).
u32 mode_of(const File* file, const Target* target);

}  // namespace kernel::devproc
