// Cell counts, inherited switches and address translation along a path of the device tree.
#include "boot/bus.h"

#include "base/log.h"

namespace boot {
namespace {

/// Whether a node's #address-cells or #size-cells, if it has one, is a single cell that can be
/// meant.
bool is_sane(FdtValue count) {
    return !count.present() || (count.bytes().size() == 4 && is_sane_cell_count(*count.cell(0)));
}

}  // namespace

void BusPath::enter(const FdtNode& node, const NodeFacts& facts) {
    BusLevel level;
    level.address_cells = facts.address_cells.cell(0).value_or(level.address_cells);
    level.size_cells = facts.size_cells.cell(0).value_or(level.size_cells);
    level.ranges = facts.ranges;
    level.addressable = is_sane(facts.address_cells) && is_sane(facts.size_cells);
    if (!level.addressable) {
        kernel::klog(
            "fdt: /{} claims {} address and {} size cells, in {} and {} bytes: what is below it is "
            "not used",
            node.name, level.address_cells, level.size_cells, facts.address_cells.bytes().size(),
            facts.size_cells.bytes().size());
    }
    level.enabled = facts.enabled();
    if (node.depth > 0) {
        const BusLevel& parent = above(node);
        level.enabled = level.enabled && parent.enabled;
        level.addressable = level.addressable && parent.addressable;
        level.interrupt_parent = parent.interrupt_parent;
    }
    level.interrupt_parent = facts.interrupt_parent.cell(0).value_or(level.interrupt_parent);
    levels_[node.depth] = level;
}

bool BusPath::has_whole_pairs(const FdtNode& node, FdtValue reg) const {
    if (node.depth == 0 || !above(node).addressable) return false;
    const usize pair = 4 * (above(node).address_cells + above(node).size_cells);
    return pair == 0 ? reg.bytes().empty() : reg.bytes().size() % pair == 0;
}

std::optional<PhysRange> BusPath::memory_reg(const FdtNode& node, FdtValue reg, usize index) const {
    if (node.depth == 0) return std::nullopt;
    const BusLevel& bus = above(node);
    if (!bus.addressable) return std::nullopt;
    const usize stride = bus.address_cells + bus.size_cells;
    if (stride == 0) return std::nullopt;
    const std::optional<u64> address = reg.number(index * stride, bus.address_cells);
    const std::optional<u64> size = reg.number(index * stride + bus.address_cells, bus.size_cells);
    if (!address || !size) return std::nullopt;
    return PhysRange{.start = {*address}, .size = *size};
}

std::optional<PhysRange> BusPath::reg(const FdtNode& node, FdtValue reg, usize index) const {
    const std::optional<PhysRange> local = memory_reg(node, reg, index);
    if (!local) return std::nullopt;
    const std::optional<u64> seen = translate(node.depth - 1, local->start.value);
    if (!seen) return std::nullopt;
    return PhysRange{.start = {*seen}, .size = local->size};
}

std::optional<u64> BusPath::translate(usize depth, u64 address) const {
    for (; depth > 0; --depth) {
        const BusLevel& bus = levels_[depth];
        const BusLevel& parent = levels_[depth - 1];
        if (!bus.ranges.present()) return std::nullopt;  // not memory-mapped, as I2C
        if (bus.ranges.bytes().empty()) continue;        // one to one
        const usize stride = bus.address_cells + parent.address_cells + bus.size_cells;
        if (stride == 0) return std::nullopt;
        bool found = false;
        for (usize at = 0; !found && at + stride <= bus.ranges.cell_count(); at += stride) {
            const std::optional<u64> child = bus.ranges.number(at, bus.address_cells);
            const std::optional<u64> base =
                bus.ranges.number(at + bus.address_cells, parent.address_cells);
            const std::optional<u64> size =
                bus.ranges.number(at + bus.address_cells + parent.address_cells, bus.size_cells);
            if (!child || !base || !size) continue;
            if (address < *child || address - *child >= *size) continue;
            address = *base + (address - *child);
            found = true;
        }
        if (!found) return std::nullopt;
    }
    return address;
}

}  // namespace boot
