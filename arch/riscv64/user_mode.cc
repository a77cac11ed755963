// User mode on riscv64: which tables a hart runs on, going to user mode, calls, copies.
#include "arch/riscv64/csr.h"
#include "arch/riscv64/float_registers.h"
#include "arch/riscv64/hart.h"
#include "arch/riscv64/kernel_map.h"
#include "arch/riscv64/platform/remote_fence.h"
#include "arch/riscv64/sv39/table.h"
#include "arch/riscv64/sv39/user_space_hooks.h"
#include "arch/riscv64/trap_frame.h"
#include "arch/riscv64/user_traps.h"
#include "base/assert.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "machine/upcalls.h"

namespace arch::riscv64 {

using kernel::machine::SystemCall;
namespace upcalls = kernel::machine::upcalls;

extern "C" {
u64 riscv64_user_copy(void* to, const void* from, u64 bytes);
u64 riscv64_user_exchange(u64 user, u32 expected, u64 size, u32 desired, u32* found);
[[noreturn]] void riscv64_enter_user(UserRegisters* registers);
}

void before_user_mode(UserRegisters& registers) {
    for (;;) {  // ends when nothing is asked of the process any more
        kernel::machine::disable_interrupts();
        if (!upcalls::user_exit_wanted()) return;
        kernel::machine::enable_interrupts();
        upcalls::user_exit(registers);
    }
}

extern "C" void riscv64_full_call(UserRegisters* registers, decltype(SystemCall::run) run) {
    upcalls::user_entry();
    kernel::machine::enable_interrupts();
    kernel::machine::UserRoom& room = kernel::machine::room_of(*registers);
    room.record->stamp(room.stamp);
    const u64 pc = registers->pc;
    registers->a(0) = static_cast<u64>(run(registers->a(0), registers->a(1), registers->a(2),
                                           registers->a(3), registers->a(4), registers->a(5)));
    // One that is made again did not return.
    if (registers->pc + kernel::machine::kCallBytes != pc) room.record->end(registers->a(0));
    before_user_mode(*registers);
}

namespace sv39 {

void add_kernel_half(PhysAddr root) {
    const auto& from = *kernel::machine::direct_map(kernel_tables().root()).as<const Table>();
    auto& to = *kernel::machine::direct_map(root).as<Table>();
    for (const u16 i : kernel_root_entries()) {
        // relaxed (both): the kernel's root is const after boot, and no hart walks the new one yet.
        to.entries[i].store(from.entries[i].load(std::memory_order_relaxed),
                            std::memory_order_relaxed);
    }
}

void remove_kernel_half(PhysAddr root) {
    auto& table = *kernel::machine::direct_map(root).as<Table>();
    // relaxed: no hart walks it any more.
    for (const u16 i : kernel_root_entries()) table.entries[i].store(0, std::memory_order_relaxed);
}

void fence_user_translations(u64 harts) {
    const bool interrupts = kernel::machine::disable_interrupts();
    const u64 mine = u64{1} << this_hart().index;
    if ((harts & mine) != 0) flush_translations();
    if ((harts & ~mine) != 0) fence_translations_on(harts & ~mine);
    if (interrupts) kernel::machine::enable_interrupts();
}

}  // namespace sv39

}  // namespace arch::riscv64

namespace kernel::machine {

using arch::riscv64::this_hart;

void run_in(UserSpace* space, UserRegisters* registers, FloatRegisters* floats) {
    arch::riscv64::HartBlock& self = this_hart();
    arch::riscv64::take_floats(self);
    self.floats = floats;
    self.user_registers = registers;
    UserSpace* const before = self.user_space;
    if (space == before) return;
    const u64 mine = u64{1} << self.index;
    u64 root = arch::riscv64::kernel_satp();
    if (space != nullptr) {
        // [user.harts] seq_cst: before this hart walks the tables; pairs with seq_cst in
        // SpaceMachine::flush().
        space->harts().fetch_or(mine, std::memory_order_seq_cst);
        root = arch::riscv64::satp::sv39(space->root());
    }
    self.user_space = space;
    arch::riscv64::write_csr<arch::riscv64::Csr::kSatp>(root);
    // orders: the fence comes after the bit, for later walks (Privileged Architecture 4.2.1).
    arch::riscv64::flush_translations();
    if (before != nullptr) {
        // [user.harts] acq_rel: what this hart did there; pairs with acquire in UserSpace::close().
        before->harts().fetch_and(~mine, std::memory_order_acq_rel);
    }
}

void catch_up_with_user_space() { arch::riscv64::flush_translations(); }

void use_calls(const SystemCallTable& table) { this_hart().system_calls = &table; }

void enter_user() {
    UserRegisters* registers = nullptr;
    {
        const InterruptsOff off;
        registers = this_hart().user_registers;
    }
    arch::riscv64::before_user_mode(*registers);
    arch::riscv64::riscv64_enter_user(registers);
}

std::optional<VirtAddr> copy_from_user(Bytes to, VirtAddr user) {
    const u64 left =
        arch::riscv64::riscv64_user_copy(to.data(), user.as<const std::byte>(), to.size());
    if (left == 0) return std::nullopt;
    return user + (to.size() - left);
}

std::optional<VirtAddr> copy_to_user(VirtAddr user, ConstBytes from) {
    const u64 left =
        arch::riscv64::riscv64_user_copy(user.as<std::byte>(), from.data(), from.size());
    if (left == 0) return std::nullopt;
    return user + (from.size() - left);
}

std::optional<VirtAddr> exchange_in_user(VirtAddr user, u32 expected, u32 desired, u32& found) {
    DEBUG_ASSERT(is_aligned(user.value, sizeof(u32)));
    if (arch::riscv64::riscv64_user_exchange(user.value, expected, sizeof(u32), desired, &found) ==
        0) {
        return std::nullopt;
    }
    return user;
}

}  // namespace kernel::machine
