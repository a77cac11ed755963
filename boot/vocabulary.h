// The words of kernel/base that boot code uses, so that they read the same here.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace boot {

using kernel::ConstBytes;
using kernel::Error;
using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::Result;
using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;
using kernel::VirtAddr;

}  // namespace boot
