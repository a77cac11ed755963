// FdPlan: what a child does to the descriptors it copied, before it becomes what it was made for.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell {

/// A set of descriptors, a bit each.
using FdSet = std::span<const u64>;

/// Applies `maps` to the current process's descriptors, all at once: each `parent` means a
/// descriptor as it is at the call. Those in `leave_out` are closed first, unless a map brings them
/// to a child number. Errors: kBadFd if a parent is not open; kNoFd, kNoMemory. On failure the
/// descriptors are in some state in between.
Result<void> apply_fd_maps(std::span<const rc::FdMap> maps, FdSet leave_out);

}  // namespace kernel::shell
