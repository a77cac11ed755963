// The early console: bytes out through firmware, before any driver and when nothing else can be
// trusted.
#pragma once

#include "base/std.h"

namespace kernel::machine {

/// Writes `text` to the firmware's console, waiting as long as it takes. Any context, also in a
/// panic. Concurrent writers may interleave.
void early_console_write(std::string_view text);

}  // namespace kernel::machine
