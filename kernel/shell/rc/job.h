// Job: a piece of parsed program with the variables it needs, to be evaluated by another process.
#pragma once

#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::rc {

/// A piece of a program to be evaluated by a new shell in a new process: a stage of a pipeline, a
/// background command, a subshell, a backquote. It has a reference to the parsed text, which no one
/// changes, and copies (by reference) of the variables and functions.
class Job final : Pinned {
public:
    /// Evaluates the job in a new shell on `host` and gives the status to exit with. Called at most
    /// once, in the new process, which may run at the same time as the shell that made the job.
    void run(Host& host, StatusText& status);
    /// Whether the shell does not wait for it (`&`): the new process gets its own note group.
    bool background() const;
    /// The source text of the job, for a process listing; cut to the buffer.
    std::string_view describe(std::span<char> buffer) const;
};

}  // namespace kernel::shell::rc
