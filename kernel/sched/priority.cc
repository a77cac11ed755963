// How use of the processor lowers priorities.
#include "sched/priority.h"

namespace kernel::sched {

Priority effective_priority(Priority base, u32 usage, u32 load) {
    if (base == 0 || base > kMaxPriority) return base;
    const u32 fair_share = kFullUsage * kFullUsage / std::max(load, kFullUsage);
    const u32 shares = fair_share / std::max<u32>(usage, 1);
    return static_cast<Priority>(std::clamp<u32>(shares, 1, base));
}

}  // namespace kernel::sched
