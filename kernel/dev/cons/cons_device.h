// #c: the console and the small files about the machine and the process that reads them.
#pragma once

#include "chan/dev.h"

namespace kernel::dev {

/// The device for the kernel's table (chan::set_device_table).
chan::Dev& cons_device();

}  // namespace kernel::dev
