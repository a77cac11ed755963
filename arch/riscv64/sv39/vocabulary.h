// The words of kernel/base that the riscv64 code uses, so that they read the same here.
#pragma once

#include "base/atomic.h"
#include "base/field.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"

namespace arch::riscv64 {

using kernel::Atomic;
using kernel::Bytes;
using kernel::ConstBytes;
using kernel::Error;
using kernel::Field;
using kernel::i32;
using kernel::i64;
using kernel::kPageSize;
using kernel::Nanos;
using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::Result;
using kernel::Sink;
using kernel::u16;
using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;
using kernel::VirtAddr;

}  // namespace arch::riscv64
