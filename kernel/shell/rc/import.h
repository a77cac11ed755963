// Import: the variables and functions that a new shell finds in /env.
#pragma once

#include "base/result.h"
#include "shell/rc/interpreter.h"

namespace kernel::shell::rc {

/// Functions are files of this name and theirs; every other file is a variable.
inline constexpr std::string_view kFunctionPrefix = "fn#";

/// Sets the shell's variables and functions from /env, which a process shares or copies from its
/// maker. Errors: kNoMemory. What cannot be read is skipped.
Result<void> import_environment(Interpreter& shell);

}  // namespace kernel::shell::rc
