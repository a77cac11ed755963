// The devices of this kernel.
#pragma once

#include "base/std.h"
#include "chan/dev.h"

namespace kernel::init {

/// One row per device letter, in the order of #c/drivers. Const.
std::span<chan::Dev* const> device_table();

}  // namespace kernel::init
