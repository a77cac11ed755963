// The stacks of the idle tasks, which live as long as the machine runs.
#pragma once

#include "base/std.h"

namespace kernel::init {

/// A stack for this hart's idle task. Stops the machine when there is no memory for it. Context:
/// boot, once per hart.
Bytes make_idle_stack();

}  // namespace kernel::init
