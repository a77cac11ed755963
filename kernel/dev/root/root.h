// #/: the root: what the archives hold, and directories to bind things onto.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/chan.h"
#include "chan/dev.h"

namespace kernel::dev {

/// The device for the kernel's table. Read-only; file data are served where the archive lies.
chan::Dev& root_device();

/// Builds the tree: the directories that things are bound onto, then the entries of `archives`,
/// later ones over earlier ones; both stay where they are. May be called again by a machine that
/// boots more than once. Errors: kNoMemory. Context: boot, or a test; nobody uses the device yet.
Result<void> build_root(std::span<const ConstBytes> archives);

/// The archive that is part of the image.
ConstBytes builtin_archive();

}  // namespace kernel::dev
