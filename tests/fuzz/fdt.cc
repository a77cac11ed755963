// The device tree reader and what is made of a tree: whatever the bytes, a description or a reason.
#include "boot/fdt.h"

#include <memory>

#include "boot/machine_description.h"
#include "tests/fuzz/target.h"
#include "tests/unit/boot/tree_builder.h"

namespace {

/// Small, but with everything a machine needs.
boot::test::Blob machine_tree() {
    return boot::test::TreeBuilder()
        .reserve(0x8010'0000, 0x1000)
        .begin("")
        .cells("#address-cells", {2})
        .cells("#size-cells", {2})
        .text("compatible", "riscv-virtio")
        .begin("chosen")
        .text("bootargs", "*hostowner=eve")
        .text("stdout-path", "/soc/serial@10000000:115200n8")
        .cells("linux,initrd-start", {0x8400'0000})
        .cells("linux,initrd-end", {0x8400'1000})
        .cells("rng-seed", {1, 2, 3, 4})
        .end()
        .begin("memory@80000000")
        .text("device_type", "memory")
        .cells("reg", {0, 0x8000'0000, 0, 0x800'0000})
        .end()
        .begin("cpus")
        .cells("#address-cells", {1})
        .cells("#size-cells", {0})
        .cells("timebase-frequency", {10'000'000})
        .begin("cpu@0")
        .text("device_type", "cpu")
        .cells("reg", {0})
        .text("status", "okay")
        .text("mmu-type", "riscv,sv39")
        .text("riscv,isa", "rv64imafdc_sstc")
        .begin("interrupt-controller")
        .text("compatible", "riscv,cpu-intc")
        .cells("#interrupt-cells", {1})
        .flag("interrupt-controller")
        .cells("phandle", {1})
        .end()
        .end()
        .end()
        .begin("soc")
        .cells("#address-cells", {2})
        .cells("#size-cells", {2})
        .text("compatible", "simple-bus")
        .flag("ranges")
        .begin("plic@c000000")
        .text("compatible", "riscv,plic0")
        .cells("reg", {0, 0xc00'0000, 0, 0x60'0000})
        .cells("interrupts-extended", {1, 11, 1, 9})
        .cells("riscv,ndev", {95})
        .cells("phandle", {2})
        .cells("#interrupt-cells", {1})
        .end()
        .begin("serial@10000000")
        .text("compatible", "ns16550a")
        .cells("reg", {0, 0x1000'0000, 0, 0x100})
        .cells("interrupts", {10})
        .cells("interrupt-parent", {2})
        .cells("reg-shift", {0})
        .end()
        .end()
        .end()
        .finish();
}

std::string as_string(const boot::test::Blob& blob) {
    return {reinterpret_cast<const char*>(blob.data()), blob.size()};
}

void read_all(const boot::Fdt& tree) {
    kernel::usize seen = 0;
    for (std::optional<boot::FdtNode> node = tree.root(); node; node = tree.next(*node)) {
        fuzz::check(++seen <= boot::kFdtMaxSize, "endless nodes");
        fuzz::check(node->depth <= boot::kFdtMaxDepth, "too deep");
        tree.for_each_property(*node, [&](const boot::FdtProperty& property) {
            fuzz::check(property.value.present(), "a property without value");
            (void)property.value.text();
            (void)property.value.number(0, 2);
            (void)property.value.lists("nothing");
        });
    }
    (void)tree.find("/soc/serial@10000000");
    for (kernel::usize i = 0; tree.reservation(i); ++i) {
        fuzz::check(i < boot::kFdtMaxSize, "endless reservations");
    }
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    std::vector<std::string> seeds = {as_string(machine_tree())};
    for (const boot::test::Blob& tree : boot::test::odd_trees()) seeds.push_back(as_string(tree));
    for (const std::string& name : boot::test::fixture_names()) {
        seeds.push_back(as_string(boot::test::load_fixture(name)));
    }
    return seeds;
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    // At an address as a boot loader may give it: aligned, and nothing readable behind.
    const std::unique_ptr<std::byte[]> blob(new std::byte[size]);
    std::copy_n(reinterpret_cast<const std::byte*>(data), size, blob.get());
    boot::Complaint complaint;
    const auto tree = boot::Fdt::open({blob.get(), size}, complaint);
    if (!tree.ok()) {
        fuzz::check(!complaint.empty(), "refused without a reason");
        return 0;
    }
    read_all(tree.value());
    const auto machine = std::make_unique<boot::MachineDescription>();
    const boot::Handoff handoff{.fdt_address = {0x8200'0000}, .image = {{0x8020'0000}, 0x10'0000}};
    const auto described = describe_machine(tree.value(), handoff, *machine, complaint);
    fuzz::check(described.ok() || !complaint.empty(), "refused without a reason");
    return 0;
}
