// widen(): a 32-bit number as an address is wide, by whichever extension this machine has for
// nothing.
#pragma once

#include "base/std.h"

namespace kernel {

/// `value` as wide as an address. Below 2^31 it is `value`; from there on it is at least 2^31, and
/// how much more depends on the machine: RISC-V keeps 32-bit values extended by their sign, and
/// needs two instructions for what other machines do by themselves.
constexpr u64 widen(u32 value) {
#if defined(__riscv)
    return static_cast<u64>(i64{static_cast<i32>(value)});
#else
    return value;
#endif
}

static_assert(widen(0x7fff'ffff) == 0x7fff'ffff);
static_assert(widen(0x8000'0000) >= 0x8000'0000);

}  // namespace kernel
