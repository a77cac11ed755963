// Exit statuses: what a shell says at its end, and what it makes of what others said.
#pragma once

#include "base/std.h"

namespace kernel::shell::rc {

/// What a shell with this $status exits with: a pipeline whose parts all succeeded has the status
/// `|`, which is success to rc and must be to whoever waits.
std::string_view exit_status(std::string_view status);

/// The status in the message of the wait record of process `pid`: "TEXT PID: STATUS" without what
/// names the process.
std::string_view bare_status(std::string_view message, u64 pid);

}  // namespace kernel::shell::rc
