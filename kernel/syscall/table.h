// The table of calls: a row per number that a program can call.
#pragma once

#include "base/std.h"

namespace kernel::syscall {

/// The name of call `number` as Plan 9 has it; empty for numbers without a call. Any context.
std::string_view call_name(u64 number);

}  // namespace kernel::syscall
