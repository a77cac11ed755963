// The time of day, as files and `#c/time` show it.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace kernel::chan {

/// Nanoseconds since 1970 UTC: the machine's clock; without one, the build's date plus the time
/// since boot; or what was set. Any context.
Nanos wall_time();
/// The same in the seconds that directory entries hold.
u32 wall_seconds();

/// Sets the time of day.
void set_wall_time(Nanos since_1970);

}  // namespace kernel::chan
