// The arithmetic of fading averages.
#include "sched/fading_average.h"

namespace kernel::sched {
namespace {

/// `distance` after `passed`: halves each half-life, linear within one (never more than 6 % off the
/// exponential, which is all a heuristic needs).
u64 fade(u64 distance, Nanos passed) {
    u64 rest = passed.value;
    if (rest >= FadingAverage::kHalfLife.value) {
        const u64 lives = rest / FadingAverage::kHalfLife.value;
        if (lives >= 64) return 0;
        distance >>= lives;
        rest %= FadingAverage::kHalfLife.value;
    }
    // Microseconds keep the product within 64 bits.
    const u64 rest_us = rest / 1000;
    const u64 life_us = FadingAverage::kHalfLife.value / 1000;
    return distance - distance * rest_us / (2 * life_us);
}

}  // namespace

void FadingAverage::advance(Nanos now, u32 level) {
    if (now <= updated_) return;
    const u64 target = u64{level} << kFractionBits;
    const Nanos passed = now - updated_;
    value_ = value_ > target ? target + fade(value_ - target, passed)
                             : target - fade(target - value_, passed);
    updated_ = now;
}

u32 FadingAverage::value_at(Nanos now, u32 level) const {
    FadingAverage later = *this;
    later.advance(now, level);
    return later.value();
}

}  // namespace kernel::sched
