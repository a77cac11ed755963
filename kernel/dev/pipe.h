// #|: pipes: two ends, each reads what the other writes.
#pragma once

#include "chan/dev.h"

namespace kernel::dev {

/// The device for the kernel's table. Each attach makes a new pipe: a directory with the files
/// `data` and `data1`. A write to an end whose other end is closed fails with kClosedPipe; who
/// makes the call on behalf of a process posts it the note `sys: write on closed pipe`.
chan::Dev& pipe_device();

/// What one direction holds before writers wait; a message counts with its block, so as 64 bytes at
/// least.
inline constexpr usize kPipeLimit = 32 * 1024;

}  // namespace kernel::dev
