// NodeFacts: every property of one device tree node that booting asks about, gathered in one pass.
#pragma once

#include "boot/fdt.h"
#include "boot/vocabulary.h"

namespace boot {

/// Values are absent (FdtValue::present() is false) where the node has no such property.
struct NodeFacts {
    FdtValue status, compatible, device_type, reg, ranges;
    FdtValue phandle, linux_phandle, interrupt_parent, interrupts, interrupts_extended;
    FdtValue address_cells, size_cells;
    FdtValue mmu_type, isa, isa_extensions, timebase_frequency;  // cpus and cpu
    FdtValue reg_shift, reg_io_width, clock_frequency;           // UARTs
    FdtValue ndev;                                               // interrupt controller
    FdtValue no_map;                                             // reserved memory
    // chosen
    FdtValue bootargs, initrd_start, initrd_end, rng_seed, stdout_path, linux_stdout_path;

    /// Whether the node's status lets it be used: absent, "okay" or "ok".
    bool enabled() const;
    /// The number by which others name this node; 0: none.
    u32 own_phandle() const;
};

/// Gathers the facts of `node`. Cost: linear in its properties.
NodeFacts gather_facts(const Fdt& tree, const FdtNode& node);

}  // namespace boot
