// The host owner ("eve"): the user who owns the machine's devices.
#pragma once

#include "base/std.h"
#include "chan/stat.h"

namespace kernel::chan {

/// The owner's name; `eve` until set. A copy, because it may be replaced. Any context.
UserName host_owner();

/// Replaces it. Renaming the processes and services that bore the old name is the caller's work.
/// Context: boot, or a write to #c/hostowner.
void set_host_owner(std::string_view name);

}  // namespace kernel::chan
