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
inline constexpr Priority kReleasePriority = 20;   // Plan 9's, which nothing has
inline constexpr Priority kRealTimePriority = 21;  // in real time, in a period
inline constexpr usize kPriorityLevels = 22;

/// How long a task runs before its equals get their turn, unless its priority is fixed.
inline constexpr Nanos kQuantum = nanos_from_millis(100);
/// How often the priorities of queued tasks are computed again and queues are levelled.
inline constexpr Nanos kRebalancePeriod = nanos_from_seconds(1);

/// Usage of a whole hart; load of one task.
inline constexpr u32 kFullUsage = 1000;

/// The effective priority of a task of this base that has used `usage` of a hart lately (0 ..
/// kFullUsage), where `load` (kFullUsage per task) want that hart. A task keeps its base as long as
/// it uses at most a base'th part of its fair share; at the fair share it is at 1, so whoever has
/// slept goes first. Base 0 and real-time levels stay.
Priority effective_priority(Priority base, u32 usage, u32 load);

/// A task's base, effective priority and "fixed" flag, in one word that changes at once.
struct Priorities {
    Priority base = kNormalPriority;
    Priority effective = kNormalPriority;
    bool fixed = false;
    bool real_time = false;  // has a share, which says the effective one

    constexpr u32 packed() const {
        return u32{base} | u32{effective} << 8 | (fixed ? u32{1} << 16 : 0) | (real_time ? u32{1} << 17 : 0);
    }
    static constexpr Priorities from(u32 packed) {
        return {static_cast<Priority>(packed & 0xff), static_cast<Priority>(packed >> 8 & 0xff),
                (packed >> 16 & 1) != 0, (packed >> 17 & 1) != 0};
    }
};

}  // namespace kernel::sched
