// Help about files: what the `help` file of a directory says of those in it.
#pragma once

#include "base/std.h"
#include "shell/rc/builtin.h"

namespace kernel::shell::rc {

/// Prints the lines about `path`, which begins with a slash: those of the file `help` there, or in
/// the nearest directory above that has lines about this file, or about files in this directory.
/// Where the help says N, any process is meant. Whether there were any.
bool put_file_help(Call& call, std::string_view path);

}  // namespace kernel::shell::rc
