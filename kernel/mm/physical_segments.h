// Physical segments: registers of devices that programs may attach by name.
#pragma once

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/units.h"
#include "machine/boot_info.h"
#include "machine/user_space.h"

namespace kernel::mm {

inline constexpr usize kPhysicalSegmentsMax = 16;

/// A range of addresses at which the machine has a device, never memory.
struct PhysicalSegment {
    FixedString<32> name{};
    PhysRange range;  // whole pages
    machine::UserAccess access = machine::UserAccess::kReadWrite;
};

/// Forgets all there were, and adds those that `list` describes: "name:address:size" or, to be read
/// only, "name:address:size:r", with commas between them, numbers in C notation. Those that are
/// wrong are left out, each with a line in the log: names that are empty, too long, taken or those
/// of classes
/// ("memory", "shared"); ranges that are empty, not of whole pages, or touch memory or what
/// firmware reserved; too many. Context: boot, once. Cost: O(list).
void add_physical_segments(std::string_view list, const machine::BootInfo& machine);

/// The one called `name`, or null. Any context after boot.
const PhysicalSegment* find_physical_segment(std::string_view name);

}  // namespace kernel::mm
