// What of machine/memory.h is worth no call on riscv64: the direct map is an addition.
#pragma once

#include "base/units.h"

namespace kernel::machine {

/// Checked by arch/riscv64/kernel_map.cc.
inline constexpr u64 kDirectMapBase = 0xffff'ffc0'0000'0000;

inline VirtAddr direct_map(PhysAddr physical) { return {kDirectMapBase + physical.value}; }

}  // namespace kernel::machine
