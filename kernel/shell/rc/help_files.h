// Help about files: what the `help` file of a directory says of those in it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/builtin.h"

namespace kernel::shell::rc {

/// Prints the lines about the file `path`, which begins with a slash: those of the file `help` in
/// its directory, or else in one above, whose first word ends in the last element of `path`. For a
/// directory that has such a file itself: all of it. Whether there were any.
Result<bool> put_file_help(Call& call, std::string_view path);

}  // namespace kernel::shell::rc
