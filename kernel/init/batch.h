// Batch: commands handed in with the boot archive, their output between marks that a script can
// find.
#pragma once

#include "base/std.h"

namespace kernel::init {

/// Whether this boot is to run commands: the archive has /boot/cmd. Context: the first process.
bool is_batch();

/// Runs /boot/cmd and turns the machine off with its status: 0 if the last command's $status was
/// empty, else 1.
///
/// On the console, bytes as they are: a newline and `@MARKER begin` and a newline; what the
/// commands print; `@MARKER end STATUS` and a newline. MARKER is what /boot/marker holds, so that
/// no output can be taken for a mark. Log lines stay out. A command that turns the machine off ends
/// the batch with its status, any but 0 as 1. Context: the first process.
[[noreturn]] void run_batch();

/// In a panic: a newline, `@MARKER panic` and a newline, if a batch has begun. Takes no lock.
void put_panic_mark();

}  // namespace kernel::init
