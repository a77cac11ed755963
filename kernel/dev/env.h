// #e: environment variables as files.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "chan/dev.h"
#include "chan/env_group.h"

namespace kernel::dev {

/// The device for the kernel's table. `#e` is the environment of whoever looks; `#ec` is the one of
/// the kernel, the same for all, which only the host owner changes.
chan::Dev& env_device();

/// Makes the group behind `#ec`. Errors: kNoMemory. Context: boot.
Result<void> init_kernel_environment();
/// The group behind `#ec`.
Ref<chan::EnvGroup> kernel_environment();

}  // namespace kernel::dev
