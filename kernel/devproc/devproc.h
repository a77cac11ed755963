// #p: processes as files.
#pragma once

#include "chan/dev.h"

namespace kernel::devproc {

/// The device, letter `p`. Const.
chan::Dev& device();

}  // namespace kernel::devproc
