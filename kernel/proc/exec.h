// exec: replacing the program of the current process.
#pragma once

#include "base/fixed_string.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/path.h"
#include "mm/address_space.h"
#include "proc/arguments.h"
#include "proc/attributes.h"
#include "proc/limits.h"

namespace kernel::proc {

/// A program with its memory and stack made, which the current process may become. Nothing of the
/// process has changed yet. Move-only.
class PreparedProgram {
public:
    /// Opens `name`, or the interpreter its first line names, and makes the memory it starts with.
    /// `arguments` are its words, the first of which is what it is called by.
    /// Context: task of a process, no lock held; may block.
    /// Errors:  of opening the file; kBadArg without arguments; kBadExec, with the reason as
    /// detail,
    ///          for what is no program of ours, and a script whose interpreter is a script;
    ///          kNoVirtualMemory if the arguments are too many; kNoMemory; kInterrupted.
    static Result<PreparedProgram> prepare(std::string_view name, Arguments arguments);

    /// Makes it the program of the current process: closes what shall not stay open, forgets the
    /// note handler and what that was to meet, replaces memory and registers. Notes that would have
    /// ended the process end it still. From now on everybody sees this program; it begins when the
    /// process enters user mode, which is all that the caller may do with its kernel stack after
    /// that. Context: task of a process, no lock held.
    static void install(PreparedProgram program);

    /// install(), and executes it. Everything on the kernel stack is forgotten, so the caller owns
    /// nothing any more. Context: as install().
    [[noreturn]] static void become(PreparedProgram program);

private:
    PreparedProgram() = default;

    Ref<mm::AddressSpace> space_;
    Ref<chan::Path> file_;
    VirtAddr entry_{};
    VirtAddr stack_{};
    VirtAddr tos_{};
    FixedString<kNameMax> text_;
    ArgsText args_;
};

}  // namespace kernel::proc
