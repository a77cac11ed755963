// BusPath: the buses from the root down to the node being read, and addresses translated through
// them.
#pragma once

#include "boot/fdt.h"
#include "boot/node_facts.h"
#include "boot/vocabulary.h"

namespace boot {

/// What a node means for its children (Devicetree Specification v0.4, sections 2.3.5 to 2.3.8).
struct BusLevel {
    u32 address_cells = 2;
    u32 size_cells = 1;
    FdtValue ranges;           // how addresses of children are seen by this node's parent
    u32 interrupt_parent = 0;  // phandle; 0: none
    bool enabled = true;       // neither this node nor one above it is switched off
    bool addressable = true;   // its cell counts make sense
};

/// One level per depth, the root first. Owned by one walk.
class BusPath {
public:
    /// Notes that the walk is at `node`: levels below it are forgotten.
    void enter(const FdtNode& node, const NodeFacts& facts);

    /// The level that `node` makes for its children.
    const BusLevel& of(const FdtNode& node) const { return levels_[node.depth]; }
    /// The level `node` itself lives on; the root has none.
    const BusLevel& above(const FdtNode& node) const { return levels_[node.depth - 1]; }

    /// The (address, size) pair `index` of `reg` of `node` as the processor sees it; nothing past
    /// the last pair, or if a bus in between does not pass it on.
    std::optional<PhysRange> reg(const FdtNode& node, FdtValue reg, usize index) const;
    /// Whether `reg` of `node` is a whole number of (address, size) pairs.
    bool has_whole_pairs(const FdtNode& node, FdtValue reg) const;
    /// As reg(), without translation, for what is physical memory whatever its parent says.
    std::optional<PhysRange> memory_reg(const FdtNode& node, FdtValue reg, usize index) const;

private:
    std::optional<u64> translate(usize depth, u64 address) const;

    std::array<BusLevel, kFdtMaxDepth + 1> levels_{};
};

}  // namespace boot
