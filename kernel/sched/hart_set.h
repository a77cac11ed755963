// HartSet: where a task may run.
#pragma once

#include "base/std.h"
#include "machine/hart.h"

namespace kernel::sched {

/// A set of harts, bit n for hart n.
using HartSet = u64;
static_assert(machine::kMaxHarts <= 64);
inline constexpr HartSet kAllHarts = ~HartSet{0};

/// The harts of the machine as a set.
HartSet machine_harts();

}  // namespace kernel::sched
