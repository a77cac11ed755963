// User mode: its registers, going there, and what it calls.
#pragma once

#include "base/atomic.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/context.h"
#include "machine/user_space.h"

namespace kernel::machine {

/// What a program has in registers while the kernel works for it. They lie at the top of its
/// process's kernel stack. The names are the ABI's of RISC-V. Also what a note handler is given and
/// part of the user ABI.
struct UserRegisters {
    u64 pc = 0;
    std::array<u64, 31> x1{};  // x1 .. x31
    u64 status = 0;            // sstatus, cause and value of the last trap that was no call
    u64 cause = 0;
    u64 value = 0;

    u64& x(usize number) { return x1[number - 1]; }
    u64 x(usize number) const { return x1[number - 1]; }
    u64& ra() { return x(1); }
    u64& sp() { return x(2); }
    /// Argument and result `number`, 0 .. 7.
    u64& a(usize number) { return x(10 + number); }
    u64 a(usize number) const { return x(10 + number); }
};
static_assert(sizeof(UserRegisters) == 35 * sizeof(u64));

/// What lies at the top of the kernel stack of a process with a program.
struct UserRoom {
    UserRegisters registers;
    std::array<u64, 3> frame;  // the trap path's
    Atomic<u64> calls;         // atomic: the trap path counts them, on the hart it runs on
};

/// What is kept free for that.
inline constexpr usize kUserRegistersRoom = 320;
static_assert(sizeof(UserRoom) <= kUserRegistersRoom);
/// Where it lies on `stack`.
inline UserRoom& user_room(Bytes stack) {
    return *reinterpret_cast<UserRoom*>(stack.data() + stack.size() - kUserRegistersRoom);
}
inline UserRegisters& user_registers(Bytes stack) { return user_room(stack).registers; }

/// What a program has in floating-point registers while no hart has them for it. They are given to
/// it at its first instruction that needs them, where the machine has any.
struct FloatRegisters {
    std::array<u64, 32> f{};  // f0 .. f31
    u32 control = 0;          // fcsr: rounding mode and flags
    u32 used = 0;             // 0: it never had any; then what is above means zeroes
};

/// Moves what the running program has in floating-point registers to where run_in() said. They are
/// the kernel's to read and change there until user mode follows; at its next instruction that
/// needs them the program gets them back, which costs it a trap. Context: task.
void put_floats_away();

/// Goes on in user mode with the registers of the running process, in the space this hart runs in.
/// Everything on the kernel stack is forgotten. Context: task, interrupts on.
[[noreturn]] void enter_user();

/// A row of the table of calls. A short call runs with interrupts off and without its caller's
/// registers saved: it must be brief, must not sleep, end or change its process. A full one runs
/// like any kernel code, and may do all of this.
struct SystemCall {
    i64 (*run)(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5) = nullptr;
    u64 full = 0;
};
/// Rows of the table, by number; a greater number takes the last row. Every row can be called.
inline constexpr usize kSystemCalls = 64;
using SystemCallTable = std::array<SystemCall, kSystemCalls>;

/// From here on calls that programs make on this hart go through `table`; before the first time,
/// through upcalls::procyon_system_calls. Interrupts off, last before user mode. Cost: a store.
void use_calls(const SystemCallTable& table);

/// Copies between kernel memory and the user memory this hart runs in. Returns the first address
/// that the tables do not allow, or nothing when all is copied. Context: task, interrupts on, no
/// spin lock held; `user` and what follows are below kUserEnd.
std::optional<VirtAddr> copy_from_user(Bytes to, VirtAddr user);
std::optional<VirtAddr> copy_to_user(VirtAddr user, ConstBytes from);

/// Compares the aligned word at `user` with `expected` and, if it is equal, replaces it by
/// `desired`; says in `found` what was there. acq_rel. As the copies otherwise.
std::optional<VirtAddr> exchange_in_user(VirtAddr user, u32 expected, u32 desired, u32& found);

namespace upcalls {

/// The table of calls. C linkage, because the trap entry indexes it.
extern "C" const SystemCallTable procyon_system_calls;
/// The same for programs whose calls somebody watches. All rows are full.
extern "C" const SystemCallTable procyon_watched_calls;

/// What user mode did that is no call.
enum class UserTrap : u8 {
    kLoad,  // the tables did not allow it at `address`
    kStore,
    kExecute,
    kIllegalInstruction,
    kBreakpoint,
    kMisaligned,
    kAccess,  // there is no memory there
};
inline constexpr usize kUserTraps = 7;
/// The program of the running process trapped at `registers.pc`. It goes on with `registers` when
/// this returns. Context: task, interrupts on.
void user_trap(UserRegisters& registers, UserTrap trap, VirtAddr address);

/// The first thing after user mode, but for short calls. Interrupts off.
void user_entry();

/// The last thing before user mode, after a full call, a trap or an interrupt: what was asked of
/// the process happens here. Context: task, interrupts on.
void user_exit(UserRegisters& registers);
/// Whether user_exit() has anything to do; if not, user mode follows, and which calls it makes is
/// said (use_calls()). Interrupts off: what comes later interrupts.
bool user_exit_wanted();

}  // namespace upcalls

}  // namespace kernel::machine
