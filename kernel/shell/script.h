// Scripts: a file of rc commands, run by a new shell in the current process.
#pragma once

#include "base/std.h"
#include "shell/kernel_host.h"

namespace kernel::shell {

/// Runs file `path` with `arguments` as $1, $2, ... and puts the status to exit with into `status`:
/// empty for success. Variables and functions come from /env. Context: the process that `host`
/// belongs to.
void run_script(KernelHost& host, std::string_view path,
                std::span<const std::string_view> arguments, rc::StatusText& status);

}  // namespace kernel::shell
