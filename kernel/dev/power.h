// Leaving the machine in order: the last word is said, the console's output is out, then the power.
#pragma once

#include "base/std.h"

namespace kernel::dev {

/// Says what must be said before the machine goes off with `status`, and answers the status to go
/// off with. Context: the task that asked for it.
using Farewell = u8 (*)(u8 status);

/// Sets the last word; none by default. Context: the first process, before others run.
void set_farewell(Farewell farewell);

/// Turns the machine off; `status` (0..255) reaches whoever started it where the machine can say
/// it.
/// Context: task; sleeps until the console's output is out.
[[noreturn]] void power_off(u8 status);

/// Restarts the machine, with the same farewell, to a status of 0.
[[noreturn]] void restart();

}  // namespace kernel::dev
