// Reader: how a machine is read from a tree; for describe_machine() alone.
#pragma once

#include "boot/bus.h"
#include "boot/machine_description.h"
#include "boot/node_facts.h"

namespace boot {

/// The pages that any of `range` is in.
inline PhysRange pages_around(PhysRange range) {
    const u64 start = kernel::align_down(range.start.value, kernel::kPageSize);
    return {.start = {start},
            .size = kernel::align_up(range.end().value, kernel::kPageSize) - start};
}
/// Whether `range` runs over the end of the address space.
inline bool wraps(PhysRange range) { return range.end() < range.start; }

/// One reading of a tree: the walk over its nodes takes (machine_description.cc), then what points
/// elsewhere or must hold of the whole is settled (machine_settling.cc). Lives on the boot stack.
class Reader {
public:
    Reader(const Fdt& tree, const Handoff& handoff, MachineDescription& machine,
           Complaint& complaint)
        : tree_(tree), handoff_(handoff), machine_(machine), complaint_(complaint) {}

    Result<void> read();

private:
    /// Which part of the tree the walk is in, by the name of the node below the root.
    enum class Region { kDevices, kCpus, kReservedMemory };

    // Out of line, so that its frame comes and goes with each node.
    [[gnu::noinline]] Result<void> take(const FdtNode& node, const NodeFacts& facts);
    Result<void> take_root(const FdtNode& root, const NodeFacts& facts);
    void take_memory(const FdtNode& node, const NodeFacts& facts);
    Result<void> take_reserved(const FdtNode& node, const NodeFacts& facts);
    void take_below_cpus(const FdtNode& node, const NodeFacts& facts);
    void take_hart(const FdtNode& node, const NodeFacts& facts);
    void take_chosen(const NodeFacts& facts);
    void take_device(const FdtNode& node, const NodeFacts& facts);
    void take_plic(const FdtNode& node, const NodeFacts& facts);
    void take_uart(const FdtNode& node, const NodeFacts& facts, std::string_view compatible);

    [[gnu::noinline]] Result<void> settle_memory();
    Result<void> settle_initrd();
    Result<void> settle_harts();
    void settle_contexts();
    void settle_lines();
    void settle_console();
    Result<void> reserve(PhysRange range);

    const Fdt& tree_;
    const Handoff& handoff_;
    MachineDescription& machine_;
    Complaint& complaint_;

    BusPath path_;
    Region region_ = Region::kDevices;
    usize memory_nodes_ = 0;
    usize surplus_harts_ = 0;
    bool in_usable_hart_ = false;
    FdtValue plic_wiring_;
    u32 plic_phandle_ = 0;
    struct Pending {
        u32 node;
        u32 interrupt_parent;
    };
    std::array<Pending, kernel::machine::kMaxDevices> pending_{};  // as machine_.devices
    FdtValue stdout_path_, initrd_start_, initrd_end_;
};

}  // namespace boot
