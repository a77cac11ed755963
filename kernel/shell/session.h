// Sessions: shell processes as the first process makes them.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "proc/proc_ref.h"
#include "shell/rc/host.h"

namespace kernel::shell {

/// Runs the script `path` in a child of the current process, waits for it and returns its status:
/// empty for success. Context: a process with a console on descriptors 0, 1, 2.
rc::StatusText run_script_process(std::string_view path);

/// Starts a shell that talks to a person on descriptors 0, 1, 2, as a child in a note group of its
/// own. Errors: as proc::spawn.
Result<proc::ProcId> start_interactive_process();

}  // namespace kernel::shell
