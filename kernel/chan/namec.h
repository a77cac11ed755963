// namec: from a name to a channel.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/chan.h"
#include "chan/open_mode.h"

namespace kernel::chan {

/// What a name is looked up for.
enum class NameUse : u8 {
    kAccess,      // to look at or change the file: stat, wstat
    kBind,        // as the source of a bind: with the union it names
    kMountPoint,  // as the target of a bind: the directory under what is mounted there
    kChangeDir,   // as a current directory: likewise not crossed
};

/// All of them: walk `name` from `/`, from the current directory, or from a device (`#x`, where
/// mounts are not followed); `.` and `..` and repeated slashes are understood, a trailing slash
/// demands a directory. Iterative, so the length of a name costs time, not stack.
/// Context: the caller's task, no lock held; may block.
/// Errors:  kNotExist, kNotDir, kPermission and others, with the name up to and including the
///          element that failed as error detail; kBadName for control characters, kNameTooLong for
///          an element or a path that is, kEmptyName, kBadSharp, kNoAttach, kNoMemory.
Result<Ref<Chan>> namec(Caller& caller, std::string_view name, NameUse use);

/// Opens the file. Errors also: the device's, with the whole name as detail.
Result<Ref<Chan>> open_name(Caller& caller, std::string_view name, OpenMode mode);

/// Creates the file and opens it; if it exists, truncates and opens it, unless kOExcl: kExists.
/// `permissions` may have kDmDir. In a union, in the first member that allows creation, else
/// kNoCreate.
Result<Ref<Chan>> create_name(Caller& caller, std::string_view name, OpenMode mode,
                              u32 permissions);

/// The two ends of a new pipe, opened to read and write; what is written to one is read from the
/// other. Errors: kBadSharp without a pipe device, kNoMemory.
Result<std::array<Ref<Chan>, 2>> open_pipe(Caller& caller);

/// Removes the file. Errors also: kIsMountPoint if something is mounted on it.
Result<void> remove_name(Caller& caller, std::string_view name);

}  // namespace kernel::chan
