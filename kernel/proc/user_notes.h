// Notes of programs: their handlers, entering one, and coming back from it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/user.h"

namespace kernel::proc {

/// Makes the function at `handler` the current program's note handler; 0: none. It is kept by
/// rfork and dropped by exec. Errors: kBadArg if it cannot be read. Context: as a call.
Result<void> set_user_handler(VirtAddr handler);

/// How a program goes on after its handler. Plan 9's numbers. A handler begins with floating-point
/// registers of its own, all zero; going on brings back those of the interrupted code.
enum class Noted : u64 {
    kContinue = 0,  // with the registers the handler was given, as it left them
    kDefault = 1,   // as if there were no handler
    kSave = 2,      // at the program counter it left, in the handler still; kRestore will follow
    kRestore = 3,   // with the registers, after kSave
};

/// Ends a handler. Goes to user mode, or ends the process: as `how` says, or with status `Suicide`
/// if that makes no sense. Context: as a call.
[[noreturn]] void noted(u64 how);

}  // namespace kernel::proc
