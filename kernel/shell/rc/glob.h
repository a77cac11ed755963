// File name patterns: the names of existing files that match.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"
#include "shell/rc/vector.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// Appends the names that match `pattern` (see pattern.h) to `names`, in the order of their bytes.
/// `/` must match itself, and so must the names `.` and `..`. Directories that cannot be read have
/// nothing in them. Fails with kNoMemory.
Result<void> find_files(Host& host, std::string_view pattern, Vector<Ref<Word>>& names);

}  // namespace kernel::shell::rc
