// The interactive shell: a person at the console.
#pragma once

#include "shell/kernel_host.h"

namespace kernel::shell {

/// Reads commands from descriptor 0 and evaluates them until `exit` or the end of input. Puts the
/// status to exit with into `status`. Context: the process that `host` belongs to.
void run_interactive(KernelHost& host, rc::StatusText& status);

}  // namespace kernel::shell
