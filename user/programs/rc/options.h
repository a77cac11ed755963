// Options: what rc's command line asks for.
#pragma once

#include "base/result.h"
#include "base/std.h"

namespace kernel::shell::user {

/// rc [-deiIlpsx] [-c commands] [file] [word ...]
struct Options {
    std::optional<std::string_view> commands;  // c: to be run in place of a file
    bool interactive = false;                  // i: prompts, wherever the input comes from
    bool never_interactive = false;            // I
    bool login = false;                        // l, or a name that begins with '-'
    bool exit_on_failure = false;              // e
    bool print_commands = false;               // x
    bool report_status = false;                // s
    usize first = 1;                           // of the words that are no options
};

/// `words` as main() gets them. Errors: kBadArg for an option that is none of these, or -c without
/// commands.
Result<Options> parse_options(std::span<char* const> words);

}  // namespace kernel::shell::user
