// Harts: who am I, starting the others, interrupting them, stopping them for a panic.
#include "arch/riscv64/hart.h"

#include "arch/riscv64/address_space.h"
#include "arch/riscv64/clock.h"
#include "arch/riscv64/csr.h"
#include "arch/riscv64/device_lines.h"
#include "arch/riscv64/float_registers.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/platform/other_harts.h"
#include "arch/riscv64/platform/sbi.h"
#include "arch/riscv64/start.h"
#include "arch/riscv64/trap_frame.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "machine/power.h"
#include "machine/upcalls.h"

namespace arch::riscv64 {

constinit std::array<HartBlock, kernel::machine::kMaxHarts> hart_blocks{};

namespace {

/// First C++ of a hart that the boot hart started, on its boot stack, with tp set.
[[noreturn]] void secondary_start() {
    write_csr<Csr::kStvec>(reinterpret_cast<u64>(&trap_entry));
    bring_hart_online();
    kernel::machine::upcalls::hart_main();
}

/// Lets the hart of `block` find its way in.
void publish_start_record(HartBlock& block, u32 entry) {
    block.start.satp = kernel_satp();
    block.start.thread_pointer = VirtAddr::of(&block).value;
    block.start.entry = reinterpret_cast<u64>(&secondary_start);
    boot::boot_start_table[entry].hardware_id = block.hardware_id;
    // [boot.start] release: id and record come first; pairs with the fence in boot/entry.S.
    boot::boot_start_table[entry].record.store(image_physical(VirtAddr::of(&block.start)).value,
                                               std::memory_order_release);
}

bool is_online(const HartBlock& block) {
    // [hart.online] acquire: the hart's block is filled; pairs with release in
    // bring_hart_online().
    return block.online.load(std::memory_order_acquire) != 0;
}

}  // namespace

void init_hart_blocks(const boot::MachineDescription& machine) {
    harts_have_floats = true;
    for (u32 i = 0; i < machine.info.hart_count; ++i) {
        HartBlock& block = hart_blocks[i];
        block.index = i;
        block.hardware_id = machine.harts[i].hardware_id;
        block.lists_sstc = machine.harts[i].lists_sstc;
        block.system_calls = &kernel::machine::upcalls::procyon_system_calls;
        // A program may go on on any hart.
        harts_have_floats = harts_have_floats && machine.harts[i].lists_double;
    }
    HartBlock& self = hart_blocks[machine.info.boot_hart];
    self.emergency_top = VirtAddr::of(boot_emergency_top).value;
    set_this_hart(self);
}

void bring_hart_online() {
    HartBlock& self = this_hart();
    // Firmware may leave them on.
    (void)clear_csr_bits<Csr::kSstatus>(  // ignored: either way they are off
        sstatus::FloatState::kMask | sstatus::VectorState::kMask | sstatus::UserMemory::kMask |
        sstatus::ReadExecutable::kMask);
    // An access to the timer register can trap although the hart lists it, where firmware is older
    // than the hart.
    self.alarm_by =
        choose_alarm(self.lists_sstc, [] { return try_write_csr<Csr::kStimecmp>(~u64{0}); });
    write_csr<Csr::kSie>(interrupt::bit(interrupt::kSoftware) |
                         interrupt::bit(interrupt::kExternal));
    plic.open_context(self.index);
    // Code may have been published while firmware did not yet count this hart as running.
    flush_instructions();
    catch_up_with_kernel_map(self);
    // [hart.online] release: pairs with acquire in is_online().
    self.online.store(1, std::memory_order_release);
}

void stop_here(StoppedPlace place) {
    HartBlock& self = this_hart();
    (void)clear_csr_bits<Csr::kSstatus>(  // ignored: interrupts stay off for good
        sstatus::InterruptEnable::kMask);
    self.stopped_place = place;
    // [hart.stopped] release: the place can be read; pairs with acquire in stop_other_harts().
    self.stopped.store(1, std::memory_order_release);
    for (;;) asm volatile("wfi");  // intended: until the machine is off
}

}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::hart_blocks;
using arch::riscv64::HartBlock;
using arch::riscv64::this_hart;
namespace sbi = arch::riscv64::sbi;

void set_current_flow(void* flow) { this_hart().current_flow = flow; }

u32 hart_count() { return boot_info().hart_count; }
u32& spin_locks_held_by(HartIndex hart) { return hart_blocks[hart].spin_locks_held; }

u64 hardware_hart_id(HartIndex hart) { return hart_blocks[hart].hardware_id; }

u32 start_other_harts() {
    if (hart_count() == 1) return 0;
    std::array<u64, kMaxHarts> ids;
    usize others = 0;
    if (arch::riscv64::firmware_reaches_other_harts()) {
        arch::riscv64::expect_other_harts();
        for (HartIndex i = 0; i < hart_count(); ++i) {
            if (i == this_hart().index) continue;
            arch::riscv64::publish_start_record(hart_blocks[i], i);
            ids[others++] = hart_blocks[i].hardware_id;
        }
    }
    // [boot.start] release: the table is complete; pairs with the fence in boot/entry.S.
    boot::boot_start_closed.store(1, std::memory_order_release);
    if (others == 0) return 0;
    const PhysAddr entry = arch::riscv64::image_physical(
        {reinterpret_cast<u64>(&arch::riscv64::boot_secondary_entry)});
    return arch::riscv64::start_harts({ids.data(), others}, entry);
}

void send_ipi(HartIndex hart) {
    // orders: (w, o): stores before the call are seen by the handler.
    asm volatile("fence w, o" ::: "memory");
    (void)sbi::send_ipi(hart_blocks[hart].hardware_id);  // ignored: fails only for no such hart
}

void stop_other_harts() {
    const u64 deadline = arch::riscv64::read_time() + clock_frequency() / 10;
    const HartBlock& self = this_hart();
    for (HartBlock& block : hart_blocks) {
        if (&block == &self || !arch::riscv64::is_online(block)) continue;
        // [hart.stop] release: pairs with acquire in wants_to_stop().
        block.stop_requested.store(1, std::memory_order_release);
        send_ipi(block.index);
    }
    for (HartBlock& block : hart_blocks) {
        if (&block == &self || !arch::riscv64::is_online(block)) continue;
        // [hart.stopped] acquire: its place can be read; pairs with release in stop_here().
        while (block.stopped.load(std::memory_order_acquire) == 0 &&
               arch::riscv64::read_time() < deadline) {
        }
    }
}

}  // namespace kernel::machine
