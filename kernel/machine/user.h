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

/// The instruction that makes a call, of which there is no short form. `pc` is behind it while the call lasts; a full call that
/// moves it back and returns what a0 was is made again.
inline constexpr u64 kCallBytes = 4;

/// What is known of a call that a program made.
struct KnownCall {
    u64 number = 0;
    /// Of machine::now(): when it began, or, of a short one, when its program last left or entered the kernel otherwise.
    Nanos time{};
    /// Nothing while it goes on, and for good if it did not return.
    std::optional<i64> result;
};

/// The same as the trap path writes it, in the room of an earlier one, while others look.
class CallRecord {
public:
    constexpr CallRecord() = default;
    CallRecord& operator=(const CallRecord&) {
        // relaxed (both): nobody looks yet.
        what_.store(0, std::memory_order_relaxed);
        result_.store(0, std::memory_order_relaxed);
        return *this;
    }

    /// It begins: `stamp` is UserRoom::stamp.
    void begin(u64 number, u64 stamp) {
        // relaxed: it has no result yet, so nothing comes before it.
        what_.store(stamp | number, std::memory_order_relaxed);
    }
    /// The stamp is known better now.
    void stamp(u64 stamp) {
        // relaxed (both): as in begin(); only the hart it is on writes.
        what_.store(stamp | (what_.load(std::memory_order_relaxed) & kNumber), std::memory_order_relaxed);
    }
    void end(u64 result) {
        result_.store(result, std::memory_order_relaxed);
        // [user.call] release: the result is there; pairs with acquire in known().
        what_.store(what_.load(std::memory_order_relaxed) | kReturned, std::memory_order_release);
    }

    KnownCall known() const {
        // [user.call] acquire: pairs with release in end().
        const u64 what = what_.load(std::memory_order_acquire);
        const u64 result = result_.load(std::memory_order_relaxed);
        KnownCall call{what & kNumber, Nanos{what >> kTimeShift}, std::nullopt};
        if ((what & kReturned) != 0) call.result = static_cast<i64>(result);
        return call;
    }

private:
    static constexpr u64 kNumber = 0x7f;
    static constexpr u64 kReturned = 0x80;
    static constexpr unsigned kTimeShift = 8;

    Atomic<u64> what_{0};    // atomic: [user.call] time << kTimeShift | kReturned | number
    Atomic<u64> result_{0};  // atomic: there if kReturned is
};

/// How many of them are kept.
inline constexpr usize kCallRecords = 32;

/// What lies at the top of the kernel stack of a process with a program. The trap path writes it, on the hart it runs on.
struct UserRoom {
    UserRegisters registers;
    std::array<u64, 3> frame;
    Atomic<u64> calls;    // atomic: how many it made
    CallRecord* records;  // of the last kCallRecords calls, number n in place n % kCallRecords
    CallRecord* record;   // that of the last call
    u64 stamp;            // machine::now() << 8, when it last entered or left the kernel but for a short call
};

/// What is kept free for that.
inline constexpr usize kUserRegistersRoom = 336;
static_assert(sizeof(UserRoom) <= kUserRegistersRoom);
/// Where it lies on `stack`.
inline UserRoom& user_room(Bytes stack) {
    return *reinterpret_cast<UserRoom*>(stack.data() + stack.size() - kUserRegistersRoom);
}
/// Where registers that lie there lie.
inline UserRoom& room_of(UserRegisters& registers) { return reinterpret_cast<UserRoom&>(registers); }
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
/// like any kernel code, and may do all of this; a1 .. a5 are what they were and a7 the row's number, also after it.
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
