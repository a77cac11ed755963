// Time: a monotone clock, a one-shot timer per hart, and the time of day if the machine has one.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace kernel::machine {

/// Time since boot; monotone on each hart, and across harts to within the hardware's synchrony. Any
/// context.
Nanos now();

/// Ticks of the machine's counter per second, for messages and benchmarks.
u64 clock_frequency();

/// Arms this hart's timer: upcalls::timer() is called once, at or after `when` (a now() value).
/// Replaces the earlier setting. kNoAlarm disarms. Interrupts off.
inline constexpr Nanos kNoAlarm{~u64{0}};
void set_alarm(Nanos when);

/// The time of day from a real-time clock, in nanoseconds since 1970 UTC; nothing on machines
/// without one.
std::optional<Nanos> wall_clock();

}  // namespace kernel::machine
