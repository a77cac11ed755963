// Power: leaving the machine with a status, starting it again, stopping the other harts.
#pragma once

#include "base/std.h"

namespace kernel::machine {

/// Turns the machine off. `status` (0..255) reaches whoever started it where the machine can say it
/// (docs/boards.md). Where there is no way to turn off, says so on the early console and waits for
/// ever. Any context.
[[noreturn]] void power_off(u8 status);

/// Restarts the machine, or turns it off where it cannot restart.
[[noreturn]] void reboot();

/// Makes every other hart save its state for a backtrace and stop for good. Waits a bounded time.
/// Any context; for panics.
void stop_other_harts();

}  // namespace kernel::machine
