// The watchdog: a hart that has work and does nothing that counts as life is reported by another.
#include "base/assert.h"
#include "base/lowest_bit.h"
#include "sched/core.h"

namespace kernel::sched::detail {

/// A hart with work passes the timer at each end of a slice, so silence means that it runs with
/// interrupts off, or not at all. Known limit: a machine of one hart has nobody to look.
void check_for_hangs(machine::HartIndex here, HartSet harts, Nanos now, Nanos limit) {
    for (; harts != 0; harts &= harts - 1) {
        const auto hart = static_cast<machine::HartIndex>(lowest_bit(harts));
        if (hart == here) continue;
        const HartState& other = Core::of(hart);
        // relaxed (all): a few moments more or less do not matter.
        const u64 seen = other.last_seen.load(std::memory_order_relaxed);
        if (other.idle_since.load(std::memory_order_relaxed) != 0) continue;
        if (now.value <= seen || now.value - seen <= limit.value) continue;
        const Task* task = running_on(hart);
        PANIC("hart {} (hardware {}) hangs: nothing seen of it for {} ms; it runs {}", hart,
              machine::hardware_hart_id(hart), (now - Nanos{seen}).millis(),
              task == nullptr ? std::string_view("idle") : task->name());
    }
}

}  // namespace kernel::sched::detail
