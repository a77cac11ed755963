// One pass over a node's properties, dispatched by a table of the names that matter.
#include "boot/node_facts.h"

namespace boot {
namespace {

struct Row {
    std::string_view name;
    FdtValue NodeFacts::* fact;
};

constexpr Row kRows[] = {
    {"status", &NodeFacts::status},
    {"compatible", &NodeFacts::compatible},
    {"device_type", &NodeFacts::device_type},
    {"reg", &NodeFacts::reg},
    {"ranges", &NodeFacts::ranges},
    {"phandle", &NodeFacts::phandle},
    {"linux,phandle", &NodeFacts::linux_phandle},
    {"interrupt-parent", &NodeFacts::interrupt_parent},
    {"interrupts", &NodeFacts::interrupts},
    {"interrupts-extended", &NodeFacts::interrupts_extended},
    {"#address-cells", &NodeFacts::address_cells},
    {"#size-cells", &NodeFacts::size_cells},
    {"mmu-type", &NodeFacts::mmu_type},
    {"riscv,isa", &NodeFacts::isa},
    {"riscv,isa-extensions", &NodeFacts::isa_extensions},
    {"timebase-frequency", &NodeFacts::timebase_frequency},
    {"reg-shift", &NodeFacts::reg_shift},
    {"reg-io-width", &NodeFacts::reg_io_width},
    {"clock-frequency", &NodeFacts::clock_frequency},
    {"riscv,ndev", &NodeFacts::ndev},
    {"no-map", &NodeFacts::no_map},
    {"bootargs", &NodeFacts::bootargs},
    {"linux,initrd-start", &NodeFacts::initrd_start},
    {"linux,initrd-end", &NodeFacts::initrd_end},
    {"rng-seed", &NodeFacts::rng_seed},
    {"stdout-path", &NodeFacts::stdout_path},
    {"linux,stdout-path", &NodeFacts::linux_stdout_path},
};

}  // namespace

bool NodeFacts::enabled() const {
    return !status.present() || status.text() == "okay" || status.text() == "ok";
}

u32 NodeFacts::own_phandle() const {
    // The current name counts before its old spelling, wherever they stand.
    for (const FdtValue& value : {phandle, linux_phandle}) {
        if (value.bytes().size() == 4) return *value.cell(0);
    }
    return 0;
}

NodeFacts gather_facts(const Fdt& tree, const FdtNode& node) {
    NodeFacts facts;
    tree.for_each_property(node, [&](const FdtProperty& property) {
        for (const Row& row : kRows) {
            if (row.name != property.name) continue;
            // The first of two with one name counts.
            if (!(facts.*row.fact).present()) facts.*row.fact = property.value;
            break;
        }
    });
    return facts;
}

}  // namespace boot
