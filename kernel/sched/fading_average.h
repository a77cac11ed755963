// FadingAverage: the average of a level over the recent past, where the past fades by half-lives.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace kernel::sched {

/// The caller protects it.
class FadingAverage {
public:
    static constexpr Nanos kHalfLife = nanos_from_seconds(1);

    /// The level was `level` from the last call until `now`. Earlier times than the last are taken
    /// as no time. Cost: O(1).
    void advance(Nanos now, u32 level);
    /// The average at the time of the last advance().
    u32 value() const { return static_cast<u32>(value_ >> kFractionBits); }
    /// What it would be at `now` had the level been `level` since.
    u32 value_at(Nanos now, u32 level) const;

private:
    static constexpr unsigned kFractionBits = 16;

    u64 value_ = 0;  // with kFractionBits of fraction
    Nanos updated_{};
};

}  // namespace kernel::sched
