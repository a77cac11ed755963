// The arena: the host machine's RAM, its direct map, and the kernel area over it.
#pragma once

#include "base/std.h"
#include "base/units.h"

namespace host {

/// Gives the next machine `bytes` of zeroed RAM and an empty kernel area. Outside of a machine.
void reset_arena(kernel::u64 bytes);

/// Whether the machine has RAM at `at`.
bool has_ram(kernel::PhysAddr at);

/// How many times pages of kernel areas were shot down since the program began.
kernel::u64 shootdowns();

/// The host memory behind `start`, for those who put things in RAM before the machine starts.
std::byte* ram(kernel::PhysAddr start);

}  // namespace host
