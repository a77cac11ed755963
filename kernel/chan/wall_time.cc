// The time of day: an offset from the machine's monotone clock.
#include "chan/wall_time.h"

#include "base/atomic.h"
#include "base/version.h"
#include "machine/clock.h"

namespace kernel::chan {
namespace {

// Wall time at now() == 0; 0: not determined yet.
constinit Atomic<u64> base{0};  // atomic: relaxed

u64 determine_base() {
    const u64 now = machine::now().value;
    const std::optional<Nanos> clock = machine::wall_clock();
    if (clock.has_value()) return clock->value - now;
    return nanos_from_seconds(build_time()).value;
}

}  // namespace

Nanos wall_time() {
    // relaxed: the offset alone; whoever determines it first determines it for all.
    u64 offset = base.load(std::memory_order_relaxed);
    if (offset == 0) {
        const u64 found = determine_base();
        // relaxed: as above; on failure `offset` becomes what another found.
        if (base.compare_exchange(offset, found, std::memory_order_relaxed)) offset = found;
    }
    return {offset + machine::now().value};
}

u32 wall_seconds() { return static_cast<u32>(wall_time().seconds()); }

void set_wall_time(Nanos since_1970) {
    // relaxed: as above. Times before the machine's start wrap around and come out right.
    base.store(since_1970.value - machine::now().value, std::memory_order_relaxed);
}

}  // namespace kernel::chan
