// Priorities: their range, and how use of the processor lowers them.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace kernel::sched {

/// 0 (least) .. 21.
using Priority = u8;
inline constexpr Priority kNormalPriority = 10;    // user processes
inline constexpr Priority kKernelPriority = 13;    // kernel processes
inline constexpr Priority kMaxPriority = 19;       // the best of best effort
inline constexpr Priority kReleasePriority = 20;   // real time: reserved
inline constexpr Priority kRealTimePriority = 21;  // real time: reserved
inline constexpr usize kPriorityLevels = 22;

/// How long a task runs before its equals get their turn.
inline constexpr Nanos kQuantum = nanos_from_millis(100);
/// How often the priorities of queued tasks are computed again and queues are levelled.
inline constexpr Nanos kRebalancePeriod = nanos_from_seconds(1);

/// How much of one hart a task has used lately, in parts of kFullUsage, fading by half in each
/// half-life. The caller protects it.
class Usage {
public:
    static constexpr u32 kFull = 1024;
    static constexpr Nanos kHalfLife = nanos_from_seconds(1);

    /// Adds a span that ended at `now` and was run (or not).
    void add(Nanos now, Nanos ran);
    /// The value at `now`.
    u32 at(Nanos now) const;

private:
    u32 value_ = 0;
    Nanos updated_{};
};

/// The effective priority of a task with this base and usage when `load` tasks want `harts` harts:
/// the base while the task uses less than base'th part of its fair share, falling to 1 at the fair
/// share.
Priority effective_priority(Priority base, u32 usage, u32 load, u32 harts);

}  // namespace kernel::sched
