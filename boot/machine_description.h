// The machine as its device tree describes it: BootInfo, and what only the riscv64 code needs.
#pragma once

#include "boot/complaint.h"
#include "boot/fdt.h"
#include "boot/range_set.h"
#include "boot/vocabulary.h"
#include "machine/boot_info.h"

namespace boot {

/// What firmware handed over, and where the loader put us.
struct Handoff {
    PhysAddr fdt_address;     // of the tree; its size is in its header
    PhysRange image;          // the kernel with .bss and boot stacks, page-aligned
    u64 boot_hart_id = 0;     // hardware's number of the hart we entered on
    u64 reachable = ~u64{0};  // memory at or above this address cannot be used
};

/// No context of the interrupt controller serves this hart.
inline constexpr u32 kNoContext = ~u32{0};

/// A usable hart.
struct HartDescription {
    u64 hardware_id = 0;
    u32 plic_context = kNoContext;  // where the controller delivers supervisor interrupts
    bool lists_sstc = false;        // its ISA text names Sstc
    bool lists_double = false;      // its ISA text names D: floating point of 64 bits
    u32 interrupt_phandle = 0;      // of its own interrupt controller; 0: none
};

/// The platform-level interrupt controller.
struct PlicDescription {
    PhysRange registers;
    u32 lines = 0;  // valid lines are 1 .. lines
};

/// All of it. Large; lives in static storage. Const after describe_machine().
struct MachineDescription : kernel::Pinned {
    kernel::machine::BootInfo info;  // its spans and texts point into this and into the tree
    PhysRange image;                 // as in the Handoff
    PhysRange tree;                  // of the size its header says

    RangeSet<kernel::machine::kMaxMemoryRanges> memory;
    RangeSet<kernel::machine::kMaxReservedRanges> reserved;
    RangeSet<kernel::machine::kMaxReservedRanges> no_map;  // part of `reserved`: never to be mapped
    std::array<kernel::machine::DeviceInfo, kernel::machine::kMaxDevices> devices{};
    usize device_count = 0;

    std::array<HartDescription, kernel::machine::kMaxHarts> harts{};  // info.hart_count of them
    u64 timebase_frequency = 0;
    std::optional<PlicDescription> plic;
    std::optional<PhysRange> finisher;  // sifive,test0
    std::optional<PhysRange> rtc;       // google,goldfish-rtc
};

/// Fills `machine` (freshly constructed) from `tree`. What can be done without is said on the log
/// and left out; what cannot fails with kBadFdt and the reason in `complaint`. Context: boot. Cost:
/// one walk over the tree and a few look-ups.
Result<void> describe_machine(const Fdt& tree, const Handoff& handoff, MachineDescription& machine,
                              Complaint& complaint);

}  // namespace boot
