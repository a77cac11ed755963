// What the kernel makes of a device tree, as lines of text.
#pragma once

#include <string>

#include "boot/machine_description.h"

namespace describe_tree {

/// One line for each fact, its kind in the first column: "memory", "hart", "device", ... What there
/// is none of says so. Addresses are hexadecimal, ends exclusive.
std::string describe(const boot::MachineDescription& machine);

}  // namespace describe_tree
