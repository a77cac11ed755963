// The boot probe: a kernel of nothing but checks of the machine, run in QEMU.
#pragma once

#include "base/format.h"
#include "base/log.h"
#include "base/std.h"

namespace boot_probe {

/// Prints the outcome of one check; a failure makes the whole run fail.
void check(bool holds, std::string_view what);
/// Whether every check so far held.
bool all_held();

// One group of checks each; interrupts off, boot hart.
void print_machine();
void check_memory_functions();
void check_map();
void check_contexts();
void check_backtrace();
void check_time();
/// The same, with the other harts: starts them, ticks, interrupts, fences.
void check_harts();

/// What the boot argument *probe asks for: a fault of a kind. Returns if it asks for none.
void fault_on_purpose();

}  // namespace boot_probe
