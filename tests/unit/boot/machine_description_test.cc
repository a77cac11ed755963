// From tree to machine: the boards' peculiarities are read, lies are named, what is unusable is
// left out.
#include "boot/machine_description.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "boot/node_facts.h"
#include "tests/unit/boot/reading.h"
#include "tests/unit/boot/tree_builder.h"

namespace boot {
namespace {

using test::add_memory;
using test::Blob;
using test::machine_with;
using test::Reading;
using test::run;
using test::TreeBuilder;

TEST(MachineDescription, ReadsAMachineLikeVirt) {
    const Reading reading(test::load_fixture("virt"));
    ASSERT_TRUE(reading.ok()) << reading.complaint();
    EXPECT_EQ(reading.log(), "");
    const auto& info = reading->info;
    EXPECT_EQ(info.model, "riscv-virtio,qemu");
    ASSERT_EQ(info.memory.size(), 1U);
    EXPECT_EQ(info.memory[0], run(0x80000000, 0x88000000));
    EXPECT_EQ(info.boot_args, "*a=1 *b");
    EXPECT_EQ(info.initrd, run(0x82000000, 0x82000123));
    EXPECT_EQ(info.seed.size(), 8U);
    EXPECT_EQ(info.hart_count, 2U);
    EXPECT_EQ(info.boot_hart, 0U);
    EXPECT_EQ(reading->timebase_frequency, 10'000'000U);
    EXPECT_TRUE(reading->harts[0].lists_sstc);
    EXPECT_FALSE(reading->harts[1].lists_sstc) << "sstcx is not sstc";
    EXPECT_TRUE(reading->harts[0].lists_double);
    EXPECT_EQ(reading->harts[0].plic_context, 1U);
    EXPECT_EQ(reading->harts[1].plic_context, 3U);
    ASSERT_TRUE(reading->plic);
    EXPECT_EQ(reading->plic->registers, run(0xc000000, 0xc600000));
    EXPECT_EQ(reading->plic->lines, 96U);
    EXPECT_EQ(reading->finisher, run(0x100000, 0x101000));
    EXPECT_EQ(reading->rtc, run(0x101000, 0x102000));
    ASSERT_EQ(info.devices.size(), 1U) << "the one on the I2C bus has no address";
    EXPECT_EQ(info.devices[0].compatible, "ns16550a");
    EXPECT_EQ(info.devices[0].registers, run(0x10000000, 0x10000100));
    EXPECT_EQ(info.devices[0].line, 10U);
    EXPECT_EQ(info.devices[0].register_shift, 0U);
    EXPECT_EQ(info.devices[0].register_width, 1U);
    EXPECT_EQ(info.devices[0].clock_frequency, 3'686'400U);
    EXPECT_TRUE(info.devices[0].is_console);
}

TEST(MachineDescription, ReservesEverythingThatIsTaken) {
    const Reading reading(test::load_fixture("virt"));
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(reading.reserves(run(0x80000000, 0x80280000))) << "firmware and the kernel";
    EXPECT_TRUE(reading.reserves(run(0x81000000, 0x81001000))) << "/memreserve/";
    EXPECT_TRUE(reading.reserves(run(0x81200000, 0x81201000))) << "the tree";
    EXPECT_TRUE(reading.reserves(run(0x82000000, 0x82001000))) << "the initrd, whole pages";
    EXPECT_TRUE(reading.reserves(run(0x84000000, 0x84010000)));
    EXPECT_TRUE(reading.reserves(run(0x84020000, 0x84031000))) << "outward";
    EXPECT_FALSE(reading->reserved.touches(run(0x85000000, 0x85001000))) << "disabled";
    EXPECT_TRUE(reading->no_map.covers(run(0x80000000, 0x80040000)));
    EXPECT_FALSE(reading->no_map.touches(run(0x84000000, 0x84010000)));
}

TEST(MachineDescription, ReadsTwoBanksAnAliasAndATranslatingBus) {
    const Reading reading(test::load_fixture("two_banks"), Reading::at(0x80200000, 2));
    ASSERT_TRUE(reading.ok()) << reading.complaint();
    const auto& info = reading->info;
    ASSERT_EQ(info.memory.size(), 2U);
    EXPECT_EQ(info.memory[0], run(0x80000000, 0xbffff000)) << "pages inward, adjacent pairs joined";
    EXPECT_EQ(info.memory[1], run(0x1040000000, 0x1080000000));
    EXPECT_TRUE(reading->no_map.covers(run(0xbfc00000, 0xc0000000)));
    ASSERT_EQ(info.hart_count, 2U);
    EXPECT_EQ(reading->harts[0].hardware_id, 1U);
    EXPECT_EQ(reading->harts[1].hardware_id, 2U);
    EXPECT_EQ(info.boot_hart, 1U);
    EXPECT_EQ(reading->harts[0].plic_context, 2U);
    EXPECT_EQ(reading->harts[1].plic_context, 4U);
    EXPECT_FALSE(reading->harts[0].lists_sstc);
    EXPECT_TRUE(reading->harts[1].lists_sstc) << "from the list of extensions";
    EXPECT_FALSE(reading->harts[1].lists_double);
    EXPECT_EQ(reading->timebase_frequency, 1'000'000U) << "from a cpu node";
    ASSERT_EQ(info.devices.size(), 2U);
    EXPECT_EQ(info.devices[0].compatible, "snps,dw-apb-uart");
    EXPECT_TRUE(info.devices[0].is_console);
    EXPECT_EQ(info.devices[0].registers, run(0x30100000, 0x30100400));
    EXPECT_EQ(info.devices[0].line, 91U);
    EXPECT_EQ(info.devices[0].register_shift, 2U);
    EXPECT_EQ(info.devices[0].register_width, 4U);
    EXPECT_EQ(info.devices[1].line, 90U) << "the interrupt parent is inherited";
    EXPECT_FALSE(info.devices[1].is_console);
    EXPECT_TRUE(reading.said("serial@10300000 has registers that make no sense"));
    EXPECT_EQ(info.model, "board,two-banks") << "no model: the compatible text";
}

TEST(MachineDescription, BootsOnAMinimalTreeAndSaysWhatIsMissing) {
    const Reading reading(machine_with(add_memory));
    ASSERT_TRUE(reading.ok()) << reading.complaint();
    EXPECT_TRUE(reading.said("no interrupt controller"));
    EXPECT_TRUE(reading.said("names no console: using the firmware's"));
    EXPECT_TRUE(reading->info.devices.empty());
    EXPECT_EQ(reading->harts[0].plic_context, kNoContext);
}

TEST(MachineDescription, NoMemoryNodeIsTheEnd) {
    EXPECT_EQ(Reading(machine_with([](TreeBuilder&) {})).complaint(), "no memory node");
}

TEST(MachineDescription, MemoryThatDoesNotHoldTheKernelIsTheEnd) {
    const std::string complaint =
        Reading(machine_with(add_memory), Reading::at(0x90200000)).complaint();
    EXPECT_EQ(complaint, "the kernel at 90200000+80000 is not in the memory it describes");
    EXPECT_NE(Reading(machine_with(add_memory), Reading::at(0x87fff000)).complaint(), "");
}

TEST(MachineDescription, AKernelInNoMapMemoryIsTheEnd) {
    const Blob blob = machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("reserved-memory").cells("#address-cells", {2}).cells("#size-cells", {2});
        builder.flag("ranges");
        builder.begin("all").cells("reg", {0, 0x80000000, 0, 0x8000000}).flag("no-map").end().end();
    });
    EXPECT_EQ(Reading(blob).complaint(), "the kernel at 80200000+80000 is in memory marked no-map");
}

TEST(MachineDescription, AbsurdCellsAtTheRootAreTheEnd) {
    TreeBuilder builder;
    builder.begin("").cells("#address-cells", {4000000000}).cells("#size-cells", {2}).end();
    EXPECT_EQ(Reading(builder.finish()).complaint(),
              "the root claims 4000000000 address and 2 size cells, in 4 and 4 bytes");
}

TEST(MachineDescription, AbsurdCellsBelowOnlyLoseWhatIsThere) {
    const Reading reading(machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("soc").cells("#address-cells", {5}).cells("#size-cells", {0xffffffff});
        builder.flag("ranges");
        builder.begin("serial@0")
            .text("compatible", "ns16550a")
            .cells("reg", {0, 1, 2, 3, 4, 5, 6});
        builder.end().end();
    }));
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(reading.said("/soc claims 5 address and 4294967295 size cells"));
    EXPECT_TRUE(reading->info.devices.empty());
}

TEST(MachineDescription, ReservedMemoryThatCannotBeReadIsTheEnd) {
    const Reading reading(machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("reserved-memory").cells("#address-cells", {77}).end();
    }));
    EXPECT_EQ(reading.complaint(), "/reserved-memory has cell counts that make no sense");
}

TEST(MachineDescription, NoTimebaseIsTheEnd) {
    TreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    add_memory(builder);
    builder.end();
    EXPECT_EQ(Reading(builder.finish()).complaint(), "no timebase-frequency in /cpus");
}

TEST(MachineDescription, ABootHartThatIsNotListedIsUsedAllTheSame) {
    const Reading reading(machine_with(add_memory), Reading::at(0x80200000, 7));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->info.hart_count, 2U);
    EXPECT_EQ(reading->info.boot_hart, 1U);
    EXPECT_EQ(reading->harts[1].hardware_id, 7U);
    EXPECT_TRUE(reading.said("boot hart 7 is not listed"));
}

Blob many_harts(u32 count) {
    TreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    add_memory(builder);
    builder.begin("cpus").cells("#address-cells", {1}).cells("#size-cells", {0});
    builder.cells("timebase-frequency", {10'000'000});
    for (u32 i = 0; i < count; ++i) {
        builder.begin("cpu@" + std::to_string(i)).text("device_type", "cpu");
        builder.text("mmu-type", "riscv,sv39").cells("reg", {i});
        builder.begin("intc").text("compatible", "riscv,cpu-intc").cells("phandle", {i + 1}).end();
        builder.end();
    }
    builder.end().end();
    return builder.finish();
}

TEST(MachineDescription, SixtyFourHartsFit) {
    const Reading reading(many_harts(64), Reading::at(0x80200000, 63));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->info.hart_count, 64U);
    EXPECT_EQ(reading->info.boot_hart, 63U);
    EXPECT_FALSE(reading.said("harts more than"));
}

TEST(MachineDescription, OfTooManyHartsTheBootHartIsKept) {
    const Reading reading(many_harts(100), Reading::at(0x80200000, 80));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->info.hart_count, 64U);
    EXPECT_EQ(reading->info.boot_hart, 63U);
    EXPECT_EQ(reading->harts[63].hardware_id, 80U);
    EXPECT_TRUE(reading.said("36 harts more than the 64"));
}

TEST(MachineDescription, ARepeatedHartIdCountsOnce) {
    const Reading reading(machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("cpus").cells("#address-cells", {1}).cells("#size-cells", {0});
        builder.begin("cpu@9")
            .text("device_type", "cpu")
            .text("mmu-type", "x")
            .cells("reg", {0})
            .end();
        builder.begin("cpu@8").text("device_type", "cpu").text("mmu-type", "x").end().end();
    }));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->info.hart_count, 1U);
    EXPECT_TRUE(reading.said("cpu@9 repeats hart id 0"));
    EXPECT_TRUE(reading.said("cpu@8 has no hart id"));
}

TEST(MachineDescription, LongBootArgumentsAreCutWithAMessage) {
    const std::string text(5000, 'x');
    const auto with_args = [&](usize size) {
        return machine_with([&](TreeBuilder& builder) {
            add_memory(builder);
            builder.begin("chosen").text("bootargs", text.substr(0, size)).end();
        });
    };
    const Reading fits(with_args(4096));
    EXPECT_EQ(fits->info.boot_args.size(), 4096U);
    EXPECT_FALSE(fits.said("cut to"));
    const Reading cut(with_args(4097));
    EXPECT_EQ(cut->info.boot_args.size(), 4096U);
    EXPECT_TRUE(cut.said("boot arguments of 4097 bytes are cut to 4096"));
}

TEST(MachineDescription, AnInitrdThatIsNotInFreeMemoryIsNotUsed) {
    const auto with_initrd = [](u32 start, u32 end) {
        return Reading(machine_with([&](TreeBuilder& builder) {
            add_memory(builder);
            builder.begin("chosen").cells("linux,initrd-start", {start});
            builder.cells("linux,initrd-end", {end}).end();
        }));
    };
    EXPECT_EQ(with_initrd(0x84000000, 0x84001000)->info.initrd.size, 0x1000U);
    for (const auto& [start, end] : {std::pair<u32, u32>{0x84001000, 0x84000000},
                                     {0x87fff000, 0x88001000},
                                     {0x10000000, 0x10001000},
                                     {0x80201000, 0x80202000}}) {
        const Reading reading = with_initrd(start, end);
        ASSERT_TRUE(reading.ok());
        EXPECT_EQ(reading->info.initrd.size, 0U);
        EXPECT_TRUE(reading.said("is not in free memory: not used"));
    }
}

TEST(MachineDescription, MemoryThatWrapsOrIsOutOfReachIsNotUsed) {
    Handoff handoff = Reading::at(0x80200000);
    handoff.reachable = u64{128} * kernel::kGiB;
    const Reading reading(machine_with([](TreeBuilder& builder) {
                              add_memory(builder);
                              builder.begin("memory@1").text("device_type", "memory");
                              builder.cells("reg", {0xffffffff, 0xfffff000, 0, 0x2000,  //
                                                    0x1f, 0xc0000000, 0, 0x80000000,    //
                                                    0x30, 0, 0, 0x1000});
                              builder.end();
                          }),
                          handoff);
    ASSERT_TRUE(reading.ok());
    ASSERT_EQ(reading->info.memory.size(), 2U);
    EXPECT_EQ(reading->info.memory[1], run(0x1fc0000000, 0x2000000000));
    EXPECT_TRUE(reading.said("fffffffffffff000+2000 wraps around"));
    EXPECT_TRUE(reading.said("ends beyond 2000000000"));
}

TEST(MachineDescription, TooManyReservationsAreTheEnd) {
    TreeBuilder builder;
    for (u64 i = 0; i < 40; ++i) builder.reserve(0x83000000 + i * 0x10000, 0x1000);
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    add_memory(builder);
    builder.end();
    EXPECT_EQ(Reading(builder.finish()).complaint(), "more than 32 runs of reserved memory");
}

TEST(MachineDescription, AConsoleThatNobodyDrivesIsNamed) {
    for (const char* path : {"serial9:9600", "/soc/video", "/cpus", "uart"}) {
        const Reading reading(machine_with([&](TreeBuilder& builder) {
            add_memory(builder);
            builder.begin("chosen").text("stdout-path", path).end();
            builder.begin("aliases").text("uart", "nonsense").end();
        }));
        ASSERT_TRUE(reading.ok());
        EXPECT_TRUE(reading.said("is no device we drive: using the firmware's")) << reading.log();
    }
}

TEST(NodeFacts, ThePhandleCountsBeforeItsOldSpellingAndOnlyAsOneCell) {
    const auto phandle = [](auto add) {
        TreeBuilder builder;
        builder.begin("");
        add(builder);
        const Blob blob = builder.end().finish();
        Complaint complaint;
        const Fdt tree = Fdt::open(blob, complaint).value();
        return gather_facts(tree, tree.root()).own_phandle();
    };
    EXPECT_EQ(phandle([](TreeBuilder&) {}), 0U);
    EXPECT_EQ(phandle([](TreeBuilder& t) { t.cells("linux,phandle", {7}); }), 7U);
    EXPECT_EQ(phandle([](TreeBuilder& t) { t.cells("linux,phandle", {7}).cells("phandle", {8}); }),
              8U);
    EXPECT_EQ(
        phandle([](TreeBuilder& t) { t.cells("phandle", {8, 9}).cells("linux,phandle", {7}); }),
        7U);
    EXPECT_EQ(phandle([](TreeBuilder& t) { t.flag("phandle"); }), 0U);
}

TEST(MachineDescription, CorruptTreesNeverHarm) {
    std::mt19937 random(7);
    const Blob sources[] = {test::load_fixture("virt"), test::load_fixture("two_banks")};
    for (int round = 0; round < 3000; ++round) {
        Blob blob = sources[random() % 2];
        for (unsigned i = 0; i < 1 + random() % 3; ++i) {
            blob[40 + random() % (blob.size() - 40)] = static_cast<std::byte>(random());
        }
        const Reading reading(std::move(blob));
        if (!reading.ok()) continue;
        // What is promised of a machine that was accepted.
        EXPECT_TRUE(reading->memory.covers(run(0x80200000, 0x80280000)));
        EXPECT_TRUE(reading.reserves(run(0x80200000, 0x80280000)));
        EXPECT_GE(reading->info.hart_count, 1U);
        EXPECT_EQ(reading->harts[reading->info.boot_hart].hardware_id, 0U);
        EXPECT_NE(reading->timebase_frequency, 0U);
    }
}

}  // namespace
}  // namespace boot
