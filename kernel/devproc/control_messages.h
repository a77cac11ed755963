// Control messages: what may be written to a process's ctl, or to that of all, one row each.
#pragma once

#include "base/name_table.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "proc/proc_ref.h"

namespace kernel::devproc {

/// The most words a message may have.
inline constexpr usize kMessageWords = 8;
/// The longest message in bytes.
inline constexpr usize kMessageMax = 256;

/// A message about to act.
struct Command {
    chan::Caller& caller;
    proc::ProcRef process;  // nobody: the message is for all
    /// What follows the name, quotes removed; as many as the row allows.
    std::span<const std::string_view> arguments;
};

/// A message. Its function finds out, under a hold, whether the process is still there.
struct Message {
    std::string_view name;
    u8 least_arguments;
    u8 most_arguments;
    Result<void> (*act)(const Command& command);
    std::string_view usage;  // name and arguments
    std::string_view help;   // a sentence
};

/// The messages to a process, and those to /proc/ctl, by name. Const.
const NameTable<Message>& messages();
const NameTable<Message>& settings();

/// Parses `text` (words, rc quotes, one newline at the end dropped) as one of `table`, and acts.
/// Errors: kEmptyCtl; kUnknownCtl and kCtlArgs with the command as detail; kTooBig; the message's.
Result<void> obey(const NameTable<Message>& table, chan::Caller& caller, proc::ProcRef process,
                  std::string_view text);

}  // namespace kernel::devproc
