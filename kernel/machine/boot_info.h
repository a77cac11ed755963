// BootInfo: what the loader and firmware said about the machine, gathered once; the only place
// upper layers read it from.
#pragma once

#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"
#include "machine/interrupts.h"

namespace kernel::machine {

inline constexpr usize kMaxMemoryRanges = 16;
inline constexpr usize kMaxReservedRanges = 32;
inline constexpr usize kMaxDevices = 16;
inline constexpr usize kBootArgsMax = 4096;
inline constexpr usize kBootSeedMax = 64;

/// A device the description lists, with what a driver needs.
struct DeviceInfo {
    /// The first `compatible` string that some driver knows; points into the description, which
    /// stays mapped.
    std::string_view compatible;
    PhysRange registers;
    IrqLine line = 0;         // 0: none
    u32 register_shift = 0;   // register n is at n << register_shift
    u32 register_width = 1;   // bytes per access
    u64 clock_frequency = 0;  // 0: unknown
    bool is_console = false;  // what /chosen/stdout-path names
};

/// Const after boot.
struct BootInfo {
    std::string_view model;
    std::span<const PhysRange> memory;    // RAM, sorted, disjoint, page-aligned inward
    std::span<const PhysRange> reserved;  // never to be allocated: sorted, disjoint, page-aligned
                                          // outward; may lie outside memory
    std::span<const DeviceInfo> devices;
    std::string_view boot_args;  // cut at kBootArgsMax (a message says so)
    PhysRange initrd;            // size 0: none
    ConstBytes seed;             // from rng-seed; empty: none
    HartIndex boot_hart = 0;
    u32 hart_count = 1;
    Nanos entered;  // now() at kernel entry
};

/// What the machine was booted with. Valid from upcalls::boot_main on.
const BootInfo& boot_info();

/// The value of the boot argument "*name=value"; see starred_value().
std::optional<std::string_view> boot_arg(std::string_view name);

}  // namespace kernel::machine
