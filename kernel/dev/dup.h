// #d: the caller's file descriptors as files.
#pragma once

#include "chan/dev.h"

namespace kernel::dev {

/// The device for the kernel's table. Opening `n` gives descriptor n again; reading `nctl` gives
/// its row of /proc/self/fd.
chan::Dev& dup_device();

}  // namespace kernel::dev
