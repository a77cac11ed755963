// mm as a whole: taking over the machine's memory at boot.
#pragma once

#include "machine/boot_info.h"

namespace kernel::mm {

/// Takes over the RAM of `boot` less what is reserved, and gives the machine its source of page
/// tables. From here on everything in this folder works. Nothing depends on how much RAM there is:
/// only the heads of the first blocks are written. May be called again by a machine that boots more
/// than once in one address space: all earlier state is forgotten.
/// Stops the machine when there is no usable memory.
/// Context: boot hart, before scheduling, once.
void initialize(const machine::BootInfo& boot);

}  // namespace kernel::mm
