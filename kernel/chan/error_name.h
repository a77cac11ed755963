// The name in an error's detail.
#pragma once

#include "base/error.h"
#include "base/std.h"

namespace kernel::chan {

/// Sets the error detail of the running task to `: 'name'`, shortened to a suffix when it is long,
/// control characters as '?'. Context: task.
void set_error_name(Error error, std::string_view name);

}  // namespace kernel::chan
