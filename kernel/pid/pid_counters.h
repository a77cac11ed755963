// PidCounters and LivePid: what the Pid hash tells about itself and about one live number.
#pragma once

#include "base/std.h"

namespace kernel::pid {

/// Statistics. Each figure is exact when nothing runs.
struct PidCounters {
    u32 live = 0;       // numbers somebody holds
    u32 peak = 0;       // the largest `live` seen when counters were read
    u32 capacity = 0;   // numbers that can be held at once
    u64 allocated = 0;  // numbers ever given
    u64 wraps = 0;      // laps of the cursor begun after the first
    u64 gate = 0;       // allocations told kPidTooSoon
    u64 refused = 0;    // allocations told kNoProcs
};

/// A live process met by an iteration.
struct LivePid {
    u32 number;
    u32 slot;  // a hint
    u32 next;  // where the iteration goes on
};

}  // namespace kernel::pid
