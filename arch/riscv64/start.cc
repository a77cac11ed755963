// From entry to the kernel proper: console, device tree, memory map, devices of the machine.
#include "arch/riscv64/start.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/boot_pages.h"
#include "arch/riscv64/clock.h"
#include "arch/riscv64/console.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/device_lines.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/panic_hooks.h"
#include "arch/riscv64/platform/power.h"
#include "arch/riscv64/random.h"
#include "arch/riscv64/rtc.h"
#include "arch/riscv64/trap_frame.h"
#include "base/assert.h"
#include "base/late.h"
#include "base/log.h"
#include "base/text.h"
#include "boot/fdt.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/console.h"
#include "machine/memory.h"
#include "machine/upcalls.h"

namespace arch::riscv64 {
namespace {

constinit kernel::Late<boot::MachineDescription> machine;  // const after boot

ConstBytes physical_bytes(PhysAddr at, usize size) {
    return {kernel::machine::direct_map(at).as<const std::byte>(), size};
}

/// Reads `machine` from the tree at `tree`. entry.S mapped the gigapages that hold it.
void read_machine(u64 hart, PhysAddr tree, PhysRange image) {
    boot::Complaint complaint;
    if (tree.value == 0 || tree.value >= kDirectSize - boot::kFdtMaxSize) {
        PANIC("device tree: firmware handed over the address {:x}", tree.value);
    }
    const Result<usize> size =
        boot::Fdt::claimed_size(physical_bytes(tree, boot::kFdtHeaderSize), complaint);
    if (!size.ok()) PANIC("device tree: {}", complaint.view());
    const Result<boot::Fdt> parsed = boot::Fdt::open(physical_bytes(tree, size.value()), complaint);
    if (!parsed.ok()) PANIC("device tree: {}", complaint.view());
    const boot::Handoff handoff{
        .fdt_address = tree, .image = image, .boot_hart_id = hart, .reachable = kDirectSize};
    if (!describe_machine(parsed.value(), handoff, *machine, complaint).ok()) {
        PANIC("device tree: {}", complaint.view());
    }
}

}  // namespace

const boot::MachineDescription& machine_description() { return machine.get(); }

void riscv64_start(u64 hart, u64 tree, u64 image) {
    const u64 entered = read_time();
    machine.make();
    hart_blocks[0].emergency_top = VirtAddr::of(boot_emergency_top).value;
    hart_blocks[0].hardware_id = hart;
    set_this_hart(hart_blocks[0]);  // until it is known which one we are
    write_csr<Csr::kStvec>(reinterpret_cast<u64>(&trap_entry));
    set_image_address({image});
    init_console();
    install_panic_hooks();

    read_machine(hart, {tree},
                 {.start = {image}, .size = static_cast<u64>(image_end - image_start)});
    init_hart_blocks(*machine);
    init_clock(machine->timebase_frequency);
    machine->info.entered = nanos_of_ticks(entered);

    open_boot_pages(*machine, boot_pages_needed(*machine));
    build_kernel_map(*machine);
    for (u32 i = 0; i < machine->info.hart_count; ++i) {
        if (i != machine->info.boot_hart) map_hart_stacks(hart_blocks[i]);
    }
    init_power(*machine);
    plic.init(*machine);
    init_rtc(*machine);
    init_random();
    close_boot_pages(*machine);
    bring_hart_online();
    kernel::machine::upcalls::boot_main();
}

}  // namespace arch::riscv64

namespace kernel::machine {

const BootInfo& boot_info() { return arch::riscv64::machine->info; }

std::optional<std::string_view> boot_arg(std::string_view name) {
    return starred_value(boot_info().boot_args, name);
}

}  // namespace kernel::machine
