// The stacks of the idle tasks, which live as long as the machine runs.
#pragma once

#include "base/std.h"

namespace kernel::init {

/// Makes one for each hart, started or not: so memory is short at boot or not at all, and what is
/// in use does not depend on when a hart comes up. Stops the machine when there is no memory.
/// Context: boot hart, once, before the others start.
void make_idle_stacks();

/// The one of this hart. Context: interrupts off.
Bytes idle_stack();

}  // namespace kernel::init
