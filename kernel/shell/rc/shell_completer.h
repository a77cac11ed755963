// ShellCompleter: completes commands, variables and file names in lines of rc.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_complete.h"
#include "shell/rc/interpreter.h"

namespace kernel::shell::rc {

/// Where in a line of rc a position is.
struct CompletionPoint {
    enum class Kind : u8 { kNothing, kCommand, kVariable, kFile } kind = Kind::kNothing;
    usize start = 0;  // of the word, or of the name behind `$`
};
CompletionPoint find_completion_point(std::string_view line, usize cursor);

/// What can be completed in a shell: builtins, functions and programs in $path where a command
/// begins, variables behind `$`, files elsewhere.
class ShellCompleter final : public Completer {
public:
    explicit ShellCompleter(Interpreter& shell) : shell_(shell) {}

    Result<void> complete(std::string_view line, usize cursor, Candidates& candidates) override;

private:
    Result<void> add_commands(std::string_view beginning, Candidates& candidates);
    Result<void> add_files(std::string_view directory, std::string_view beginning,
                           bool executables_only, Candidates& candidates);

    Interpreter& shell_;
};

}  // namespace kernel::shell::rc
