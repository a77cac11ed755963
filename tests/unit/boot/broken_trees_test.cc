// Trees that are well-formed and wrong: for each, the one sentence of refusal, or what is left out
// and the remark that says so.
#include <gtest/gtest.h>

#include "tests/unit/boot/reading.h"

namespace boot {
namespace {

using test::add_memory;
using test::Blob;
using test::machine_with;
using test::Reading;
using test::run;
using test::TreeBuilder;

/// A machine that has all it needs, each part as given or as it should be.
struct Parts {
    std::vector<u32> hart_reg = {0};
    std::string hart_status = "okay";
    std::string mmu_type = "riscv,sv39";
    u32 hart_phandle = 1;
    std::vector<u32> memory = {0, 0x80000000, 0, 0x8000000};
    std::vector<u32> reserved = {};
    bool has_plic = true;
    std::vector<u32> plic_reg = {0, 0xc000000, 0, 0x600000};
    std::vector<u32> wiring = {1, 11, 1, 9};
    std::vector<u32> ndev = {96};
    u32 uart_parent = 2;
    u32 uart_line = 10;
    std::vector<u32> shift = {};
    std::vector<u32> width = {};
    std::string uart_status = "okay";
    std::string stdout_path = "serial0:115200n8";
    std::string alias = "/serial@10000000";
};

Blob tree_of(const Parts& parts) {
    TreeBuilder builder;
    const auto optional = [&](std::string_view name, const std::vector<u32>& values) {
        if (!values.empty()) builder.cells(name, values);
    };
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder.begin("chosen").text("stdout-path", parts.stdout_path).end();
    builder.begin("aliases").text("serial0", parts.alias).end();
    builder.begin("memory@80000000").text("device_type", "memory");
    optional("reg", parts.memory);
    builder.end();
    builder.begin("reserved-memory").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder.begin("pool");
    optional("reg", parts.reserved);
    builder.end().end();
    builder.begin("cpus").cells("#address-cells", {1}).cells("#size-cells", {0});
    builder.cells("timebase-frequency", {10'000'000});
    builder.begin("cpu@0").text("device_type", "cpu").text("mmu-type", parts.mmu_type);
    builder.text("status", parts.hart_status);
    optional("reg", parts.hart_reg);
    builder.begin("interrupt-controller").text("compatible", "riscv,cpu-intc");
    builder.cells("phandle", {parts.hart_phandle}).end().end().end();
    if (parts.has_plic) {
        builder.begin("plic@c000000").text("compatible", "riscv,plic0").cells("phandle", {2});
        optional("reg", parts.plic_reg);
        optional("interrupts-extended", parts.wiring);
        optional("riscv,ndev", parts.ndev);
        builder.end();
    }
    builder.begin("serial@10000000").text("compatible", "ns16550a");
    builder.text("status", parts.uart_status).cells("reg", {0, 0x10000000, 0, 0x100});
    builder.cells("interrupt-parent", {parts.uart_parent}).cells("interrupts", {parts.uart_line});
    optional("reg-shift", parts.shift);
    optional("reg-io-width", parts.width);
    builder.end().end();
    return builder.finish();
}

constexpr std::string_view kNoConsole =
    "fdt: the console serial0 is no device we drive: using the firmware's\n";

TEST(BrokenTrees, WithNothingBrokenThereIsNothingToSay) {
    const Reading reading(tree_of({}));
    ASSERT_TRUE(reading.ok()) << reading.complaint();
    EXPECT_EQ(reading.log(), "");
    EXPECT_EQ(reading->harts[0].plic_context, 1U);
    ASSERT_EQ(reading->info.devices.size(), 1U);
    EXPECT_EQ(reading->info.devices[0].line, 10U);
    EXPECT_TRUE(reading->info.devices[0].is_console);
}

TEST(BrokenTrees, MemoryWithoutAddressesHoldsNoKernel) {
    const Reading reading(tree_of({.memory = {}}));
    EXPECT_EQ(reading.complaint(),
              "the kernel at 80200000+80000 is not in the memory it describes");
}

TEST(BrokenTrees, MemoryInWrongCellsHoldsNoKernelAndIsNamed) {
    const Blob blob = machine_with([](TreeBuilder& builder) {
        builder.begin("memory@80000000").text("device_type", "memory");
        builder.cells("reg", {0x80000000, 0x8000000, 0x1}).end();
    });
    const Reading reading(blob);
    EXPECT_EQ(reading.complaint(),
              "the kernel at 80200000+80000 is not in the memory it describes");
    EXPECT_EQ(
        reading.log(),
        "fdt: memory@80000000 states 12 bytes of addresses and sizes: what is no whole pair is "
        "not used\n");
}

TEST(BrokenTrees, OfMemoryThatEndsWithinAPairTheWholePairsCount) {
    const Reading reading(tree_of({.memory = {0, 0x80000000, 0, 0x8000000, 0, 0x90000000}}));
    ASSERT_TRUE(reading.ok());
    ASSERT_EQ(reading->info.memory.size(), 1U);
    EXPECT_EQ(reading->info.memory[0], run(0x80000000, 0x88000000));
    EXPECT_EQ(
        reading.log(),
        "fdt: memory@80000000 states 24 bytes of addresses and sizes: what is no whole pair is "
        "not used\n");
}

TEST(BrokenTrees, BanksThatOverlapAreOne) {
    const Reading reading(tree_of({.memory = {0, 0x80000000, 0, 0x6000000,  //
                                              0, 0x84000000, 0, 0x6000000,  //
                                              0, 0x82000000, 0, 0x1000000}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading.log(), "");
    ASSERT_EQ(reading->info.memory.size(), 1U);
    EXPECT_EQ(reading->info.memory[0], run(0x80000000, 0x8a000000));
}

TEST(BrokenTrees, WhatIsReservedOutsideMemoryIsKeptAndHarmless) {
    const Reading reading(tree_of({.reserved = {0x10, 0, 0, 0x1000, 0, 0x7ffff800, 0, 0x400}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading.log(), "");
    EXPECT_TRUE(reading.reserves(run(0x1000000000, 0x1000001000)));
    EXPECT_TRUE(reading.reserves(run(0x7ffff000, 0x80000000)));
    EXPECT_EQ(reading->info.memory[0], run(0x80000000, 0x88000000));
}

TEST(BrokenTrees, ReservedMemoryThatEndsWithinAPairIsTheEnd) {
    EXPECT_EQ(Reading(tree_of({.reserved = {0, 0x84000000, 0}})).complaint(),
              "reserved memory pool ends within a pair, after 12 bytes");
}

TEST(BrokenTrees, ReservedMemoryThatWrapsAroundIsTheEnd) {
    EXPECT_EQ(Reading(tree_of({.reserved = {0xffffffff, 0xfffff000, 0, 0x2000}})).complaint(),
              "reserved memory fffffffffffff000+2000 wraps around");
}

TEST(BrokenTrees, AReservationThatWrapsAroundIsTheEnd) {
    TreeBuilder builder;
    builder.reserve(0xfffffffffffff000, 0x2000);
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    add_memory(builder);
    EXPECT_EQ(Reading(builder.end().finish()).complaint(),
              "reservation fffffffffffff000+2000 wraps around");
}

TEST(BrokenTrees, AHartWithoutAnIdIsNotUsed) {
    const Reading reading(tree_of({.hart_reg = {}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->info.hart_count, 1U) << "the one we run on";
    EXPECT_EQ(reading->harts[0].plic_context, kNoContext);
    EXPECT_EQ(reading.log(),
              "fdt: cpu@0 has no hart id: not used\n"
              "fdt: the boot hart 0 is not listed as usable: used all the same\n"
              "fdt: the interrupt controller does not reach hart id 0\n");
}

TEST(BrokenTrees, AHartIsNotUsedWithoutAnMmuNorWithOneThatIsDisabled) {
    for (const Parts& parts : {Parts{.mmu_type = "riscv,none"}, Parts{.hart_status = "disabled"},
                               Parts{.hart_status = "fail"}}) {
        const Reading reading(tree_of(parts), Reading::at(0x80200000, 5));
        ASSERT_TRUE(reading.ok());
        EXPECT_EQ(reading->info.hart_count, 1U);
        EXPECT_EQ(reading->harts[0].hardware_id, 5U) << "the one we run on";
    }
}

TEST(BrokenTrees, ATimebaseOfNothingIsTheEnd) {
    TreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    add_memory(builder);
    builder.begin("cpus").cells("timebase-frequency", {0}).end();
    EXPECT_EQ(Reading(builder.end().finish()).complaint(), "no timebase-frequency in /cpus");
}

TEST(BrokenTrees, WiringToNoHartLeavesTheHartWithoutAContext) {
    const Reading reading(tree_of({.wiring = {77, 11, 77, 9}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->harts[0].plic_context, kNoContext);
    EXPECT_EQ(reading.log(), "fdt: the interrupt controller does not reach hart id 0\n");
}

TEST(BrokenTrees, PhandleZeroIsNobody) {
    const Reading reading(tree_of({.hart_phandle = 0, .wiring = {0, 9}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->harts[0].plic_context, kNoContext);
}

TEST(BrokenTrees, OfWiringThatEndsWithinAPairTheWholePairsCount) {
    const Reading reading(tree_of({.wiring = {1, 11, 1, 9, 1}}));
    ASSERT_TRUE(reading.ok());
    EXPECT_EQ(reading->harts[0].plic_context, 1U);
    EXPECT_EQ(reading.log(),
              "fdt: the interrupt controller's wiring of 20 bytes ends within a pair\n");
}

TEST(BrokenTrees, WithoutAnInterruptControllerDevicesAreSilent) {
    for (const Parts& parts : {Parts{.has_plic = false}, Parts{.plic_reg = {}}}) {
        const Reading reading(tree_of(parts));
        ASSERT_TRUE(reading.ok());
        EXPECT_FALSE(reading->plic);
        EXPECT_EQ(reading->info.devices[0].line, 0U);
        EXPECT_EQ(reading.log(), "fdt: no interrupt controller: devices will be silent\n");
    }
}

TEST(BrokenTrees, ALineThatTheControllerDoesNotHaveIsNotUsed) {
    for (const Parts& parts : {Parts{.ndev = {}}, Parts{.ndev = {9}}, Parts{.uart_parent = 77},
                               Parts{.uart_line = 97}}) {
        const Reading reading(tree_of(parts));
        ASSERT_TRUE(reading.ok());
        EXPECT_EQ(reading->plic->lines, parts.ndev.empty() ? 0 : parts.ndev[0]);
        EXPECT_EQ(reading->info.devices[0].line, 0U);
        EXPECT_EQ(reading.log(), "fdt: line " + std::to_string(parts.uart_line) +
                                     " of the device at 10000000 is no line of the interrupt "
                                     "controller: not used\n");
    }
}

TEST(BrokenTrees, AUartWhoseRegistersContradictEachOtherIsNotUsed) {
    const auto says = [](std::vector<u32> shift, std::vector<u32> width) {
        const Reading reading(tree_of({.shift = shift, .width = width}));
        EXPECT_TRUE(reading.ok());
        if (!reading->info.devices.empty()) return std::string("used");
        EXPECT_TRUE(reading.log().ends_with(kNoConsole));
        return reading.log().substr(0, reading.log().size() - kNoConsole.size());
    };
    EXPECT_EQ(says({2}, {4}), "used");
    EXPECT_EQ(says({2}, {1}), "used");
    EXPECT_EQ(says({2}, {}), "used");
    const std::string why = "fdt: serial@10000000 has registers that make no sense (100 bytes, ";
    EXPECT_EQ(says({}, {4}), why + "shift 0, width 4): not used\n");
    EXPECT_EQ(says({1}, {4}), why + "shift 1, width 4): not used\n");
    EXPECT_EQ(says({2}, {3}), why + "shift 2, width 3): not used\n");
    EXPECT_EQ(says({2}, {8}), why + "shift 2, width 8): not used\n");
    EXPECT_EQ(says({5}, {}), why + "shift 5, width 1): not used\n");
    EXPECT_EQ(says({32}, {}), why + "shift 32, width 1): not used\n");
    EXPECT_EQ(says({0xffffffff}, {4}), why + "shift 4294967295, width 4): not used\n");
}

TEST(BrokenTrees, AConsoleThatIsDisabledOrAbsentIsTheFirmwares) {
    for (const Parts& parts :
         {Parts{.uart_status = "disabled"}, Parts{.alias = "/serial@10000001"},
          Parts{.alias = "serial0"}, Parts{.alias = "/aliases"}, Parts{.alias = ""}}) {
        const Reading reading(tree_of(parts));
        ASSERT_TRUE(reading.ok());
        EXPECT_EQ(reading.log(), kNoConsole);
        for (const auto& device : reading->info.devices) EXPECT_FALSE(device.is_console);
    }
}

TEST(BrokenTrees, AConsoleMayBeNamedInTheOldSpelling) {
    const Reading reading(machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("chosen").text("linux,stdout-path", "/serial@10000000").end();
        builder.begin("serial@10000000").text("compatible", "ns16550a");
        builder.cells("reg", {0, 0x10000000, 0, 0x100}).end();
    }));
    ASSERT_TRUE(reading.ok());
    ASSERT_EQ(reading->info.devices.size(), 1U);
    EXPECT_TRUE(reading->info.devices[0].is_console);
}

TEST(BrokenTrees, CellCountsOfAnotherSizeAreNone) {
    const Reading reading(machine_with([](TreeBuilder& builder) {
        add_memory(builder);
        builder.begin("soc").cells("#address-cells", {0, 1}).flag("#size-cells").flag("ranges");
        builder.begin("serial@1").text("compatible", "ns16550a").cells("reg", {1, 2}).end().end();
    }));
    ASSERT_TRUE(reading.ok());
    EXPECT_TRUE(reading->info.devices.empty());
    EXPECT_TRUE(
        reading.said("fdt: /soc claims 0 address and 1 size cells, in 8 and 0 bytes: what is "
                     "below it is not used\n"));
}

}  // namespace
}  // namespace boot
