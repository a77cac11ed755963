// From device tree to machine: the walk that takes from each node what it says.
#include "boot/machine_description.h"

#include "base/log.h"
#include "boot/machine_reader.h"

namespace boot {
namespace {

using kernel::klog;

/// What drivers of this kernel know how to drive; others are not listed as devices.
constexpr std::string_view kDriven[] = {"ns16550a", "ns16550", "snps,dw-apb-uart", "sifive,uart0"};

PhysRange pages_inside(PhysRange range) {
    const u64 start = kernel::align_up(range.start.value, kernel::kPageSize);
    const u64 end = kernel::align_down(range.end().value, kernel::kPageSize);
    return {.start = {start}, .size = start < end ? end - start : 0};
}
/// The extension among the underscore-separated ones of an ISA text, or in the newer list.
bool lists_extension(const NodeFacts& facts, std::string_view extension) {
    std::string_view rest = facts.isa.text();
    while (!rest.empty()) {
        const usize end = rest.find('_');
        if (rest.substr(0, end) == extension) return true;
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return facts.isa_extensions.lists(extension);
}

/// Whether D is among the single letters that an ISA text begins with (G stands for it too), or in
/// the newer list.
bool lists_double(const NodeFacts& facts) {
    const std::string_view text = facts.isa.text();
    const std::string_view letters = text.substr(0, text.find_first_of("_sxz"));
    return letters.find_first_of("dg") != std::string_view::npos || facts.isa_extensions.lists("d");
}

/// The first of the node's compatible texts that a driver knows; empty if none.
std::string_view driven_compatible(FdtValue compatible) {
    std::string_view rest = kernel::as_text(compatible.bytes());
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find('\0'));
        if (std::ranges::find(kDriven, one) != std::end(kDriven)) return one;
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
    return {};
}

}  // namespace

Result<void> Reader::read() {
    for (std::optional<FdtNode> node = tree_.root(); node; node = tree_.next(*node)) {
        const NodeFacts facts = gather_facts(tree_, *node);
        path_.enter(*node, facts);
        TRY(take(*node, facts));
    }
    TRY(settle_memory());
    TRY(settle_initrd());
    TRY(settle_harts());
    settle_contexts();
    settle_lines();
    settle_console();
    machine_.info.memory = machine_.memory.ranges();
    machine_.info.reserved = machine_.reserved.ranges();
    machine_.info.devices = {machine_.devices.data(), machine_.device_count};
    return {};
}

Result<void> Reader::take(const FdtNode& node, const NodeFacts& facts) {
    if (node.depth == 0) return take_root(node, facts);
    if (node.depth == 1) {
        region_ = Region::kDevices;
        if (node.name == "cpus") region_ = Region::kCpus;
        if (node.name == "reserved-memory") region_ = Region::kReservedMemory;
        if (node.name == "chosen") take_chosen(facts);
        if (facts.device_type.text() == "memory" || node.name.starts_with("memory@")) {
            take_memory(node, facts);
        }
    }
    switch (region_) {
        case Region::kCpus:
            take_below_cpus(node, facts);
            return {};
        case Region::kReservedMemory:
            return take_reserved(node, facts);
        case Region::kDevices:
            take_device(node, facts);
            return {};
    }
    return {};
}

Result<void> Reader::take_root(const FdtNode& root, const NodeFacts& facts) {
    const BusLevel& level = path_.of(root);
    if (!level.addressable) {
        return refuse(complaint_,
                      "the root claims {} address and {} size cells, in {} and {} bytes",
                      level.address_cells, level.size_cells, facts.address_cells.bytes().size(),
                      facts.size_cells.bytes().size());
    }
    machine_.info.model = tree_.property(root, "model").text();
    if (machine_.info.model.empty()) machine_.info.model = facts.compatible.text();
    return {};
}

void Reader::take_memory(const FdtNode& node, const NodeFacts& facts) {
    ++memory_nodes_;
    if (!path_.of(node).enabled) return;
    if (facts.reg.bytes().empty() || !path_.has_whole_pairs(node, facts.reg)) {
        klog("fdt: {} states {} bytes of addresses and sizes: what is no whole pair is not used",
             node.name, facts.reg.bytes().size());
    }
    for (usize i = 0; const std::optional<PhysRange> found = path_.memory_reg(node, facts.reg, i);
         ++i) {
        PhysRange range = *found;
        if (wraps(range)) {
            klog("fdt: memory {:x}+{:x} wraps around: not used", range.start.value, range.size);
            continue;
        }
        if (range.end().value > handoff_.reachable) {
            klog("fdt: memory {:x}+{:x} ends beyond {:x}: not used from there", range.start.value,
                 range.size, handoff_.reachable);
            range.size =
                range.start.value < handoff_.reachable ? handoff_.reachable - range.start.value : 0;
        }
        if (!machine_.memory.add(pages_inside(range))) {
            klog("fdt: memory {:x}+{:x} is one run too many: not used", range.start.value,
                 range.size);
        }
    }
}

Result<void> Reader::take_reserved(const FdtNode& node, const NodeFacts& facts) {
    if (node.depth == 1 && !path_.of(node).addressable) {
        return refuse(complaint_, "/{} has cell counts that make no sense", node.name);
    }
    if (node.depth != 2 || !path_.of(node).enabled) return {};
    if (!path_.has_whole_pairs(node, facts.reg)) {
        return refuse(complaint_, "reserved memory {} ends within a pair, after {} bytes",
                      node.name, facts.reg.bytes().size());
    }
    for (usize i = 0; const std::optional<PhysRange> range = path_.memory_reg(node, facts.reg, i);
         ++i) {
        if (wraps(*range)) {
            return refuse(complaint_, "reserved memory {:x}+{:x} wraps around", range->start.value,
                          range->size);
        }
        TRY(reserve(*range));
        if (facts.no_map.present() && !machine_.no_map.add(pages_around(*range))) {
            return refuse(complaint_, "more than {} runs of no-map memory",
                          kernel::machine::kMaxReservedRanges);
        }
    }
    return {};
}

void Reader::take_below_cpus(const FdtNode& node, const NodeFacts& facts) {
    // /cpus may state the frequency, or each cpu.
    if (node.depth <= 2 && machine_.timebase_frequency == 0) {
        machine_.timebase_frequency = facts.timebase_frequency.whole_number().value_or(0);
    }
    if (node.depth == 2) {
        // Firmware marks a hart that cannot run us by its status or by leaving mmu-type out; either
        // alone has been seen on one and the same board.
        in_usable_hart_ = false;
        const bool is_hart = facts.device_type.text() == "cpu" || node.name.starts_with("cpu@");
        if (is_hart && path_.of(node).enabled && facts.mmu_type.present() &&
            facts.mmu_type.text() != "riscv,none") {
            take_hart(node, facts);
        }
    } else if (node.depth == 3 && in_usable_hart_ && facts.compatible.lists("riscv,cpu-intc")) {
        machine_.harts[machine_.info.hart_count - 1].interrupt_phandle = facts.own_phandle();
    }
}

void Reader::take_hart(const FdtNode& node, const NodeFacts& facts) {
    const BusLevel& cpus = path_.above(node);
    const std::optional<u64> id =
        cpus.addressable ? facts.reg.number(0, cpus.address_cells) : std::nullopt;
    if (!id || cpus.address_cells == 0) {
        klog("fdt: {} has no hart id: not used", node.name);
        return;
    }
    u32& count = machine_.info.hart_count;
    const std::span<const HartDescription> known{machine_.harts.data(), count};
    if (std::ranges::find(known, *id, &HartDescription::hardware_id) != known.end()) {
        klog("fdt: {} repeats hart id {}: not used", node.name, *id);
        return;
    }
    if (count == kernel::machine::kMaxHarts) {
        ++surplus_harts_;
        if (*id != handoff_.boot_hart_id) return;
        --count;  // the hart we run on takes the place of the last
    }
    machine_.harts[count] = {.hardware_id = *id,
                             .lists_sstc = lists_extension(facts, "sstc"),
                             .lists_double = lists_double(facts)};
    ++count;
    in_usable_hart_ = true;
}

void Reader::take_chosen(const NodeFacts& facts) {
    std::string_view arguments = facts.bootargs.text();
    if (arguments.size() > kernel::machine::kBootArgsMax) {
        klog("fdt: boot arguments of {} bytes are cut to {}", arguments.size(),
             kernel::machine::kBootArgsMax);
        arguments = arguments.substr(0, kernel::machine::kBootArgsMax);
    }
    machine_.info.boot_args = arguments;
    const ConstBytes seed = facts.rng_seed.bytes();
    machine_.info.seed = seed.first(std::min(seed.size(), kernel::machine::kBootSeedMax));
    stdout_path_ = facts.stdout_path.present() ? facts.stdout_path : facts.linux_stdout_path;
    initrd_start_ = facts.initrd_start;
    initrd_end_ = facts.initrd_end;
}

void Reader::take_device(const FdtNode& node, const NodeFacts& facts) {
    if (!facts.compatible.present() || !path_.of(node).enabled) return;
    if (const std::string_view name = driven_compatible(facts.compatible); !name.empty()) {
        take_uart(node, facts, name);
    } else if (facts.compatible.lists("riscv,plic0") ||
               facts.compatible.lists("sifive,plic-1.0.0")) {
        take_plic(node, facts);
    } else if (facts.compatible.lists("sifive,test0") && !machine_.finisher) {
        machine_.finisher = path_.reg(node, facts.reg, 0);
    } else if (facts.compatible.lists("google,goldfish-rtc") && !machine_.rtc) {
        machine_.rtc = path_.reg(node, facts.reg, 0);
    }
}

void Reader::take_plic(const FdtNode& node, const NodeFacts& facts) {
    const std::optional<PhysRange> registers = path_.reg(node, facts.reg, 0);
    if (machine_.plic || !registers) return;
    machine_.plic =
        PlicDescription{.registers = *registers, .lines = facts.ndev.cell(0).value_or(0)};
    plic_wiring_ = facts.interrupts_extended;
    plic_phandle_ = facts.own_phandle();
}

void Reader::take_uart(const FdtNode& node, const NodeFacts& facts, std::string_view compatible) {
    const std::optional<PhysRange> registers = path_.reg(node, facts.reg, 0);
    if (!registers) return;  // on a bus that the processor does not see
    const u32 shift = facts.reg_shift.cell(0).value_or(0);
    const u32 width = facts.reg_io_width.cell(0).value_or(1);
    // An access must not be wider than what lies between two registers.
    const bool fits = shift <= 4 && width <= 1U << shift && (width == 1 || width == 4);
    if (registers->size == 0 || wraps(*registers) || !fits) {
        klog("fdt: {} has registers that make no sense ({:x} bytes, shift {}, width {}): not used",
             node.name, registers->size, shift, width);
        return;
    }
    if (machine_.device_count == machine_.devices.size()) {
        klog("fdt: {} is one device too many: not used", node.name);
        return;
    }
    // interrupts-extended names its controller in each entry.
    u32 parent = path_.of(node).interrupt_parent;
    u32 line = facts.interrupts.cell(0).value_or(0);
    if (facts.interrupts_extended.present()) {
        parent = facts.interrupts_extended.cell(0).value_or(0);
        line = facts.interrupts_extended.cell(1).value_or(0);
    }
    pending_[machine_.device_count] = {.node = node.body, .interrupt_parent = parent};
    machine_.devices[machine_.device_count++] = {
        .compatible = compatible,
        .registers = *registers,
        .line = line,
        .register_shift = shift,
        .register_width = width,
        .clock_frequency = facts.clock_frequency.whole_number().value_or(0),
    };
}

Result<void> describe_machine(const Fdt& tree, const Handoff& handoff, MachineDescription& machine,
                              Complaint& complaint) {
    machine.info.hart_count = 0;
    machine.image = handoff.image;
    machine.tree = {.start = handoff.fdt_address, .size = tree.size()};
    Reader reader(tree, handoff, machine, complaint);
    return reader.read();
}

}  // namespace boot
