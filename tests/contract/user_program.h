// Programs for cases: a few instructions, the space they run in, the task that executes them, and
// what the kernel does for them.
#pragma once

#include "machine/user.h"
#include "sched/rendez.h"
#include "tests/contract/contract.h"
#include "tests/contract/user_pages.h"
#include "tests/interpreter/mnemonics.h"

namespace contract {

using kernel::i64;
using kernel::PhysAddr;
using kernel::VirtAddr;
using kernel::machine::UserAccess;
using kernel::machine::UserRegisters;
using kernel::machine::UserSpace;
using kernel::machine::upcalls::UserTrap;

/// Where programs begin and where they have data.
inline constexpr VirtAddr kUserCode{0x10000};
inline constexpr VirtAddr kUserData{0x20000};

/// The rows of the table of calls.
enum UserCall : u32 {
    kSumCall,                                       // short: a0 + 2 a1 + 3 a2 + 4 a3 + 5 a4 + 6 a5
    kFullSumCall,                                   // the same, as a full call
    kAskCall,                                       // full: what Program::called says
    kEndCall,                                       // full: ends the program with a0
    kLastCall = kernel::machine::kSystemCalls - 1,  // full: kNoSuchCall
};
inline constexpr i64 kNoSuchCall = -38;

/// What a case wants of a program. Made by the case, which alone changes it while nobody runs it.
struct Program : kernel::Pinned {
    explicit Program(UserSpace& in) : space(in) { start.pc = kUserCode.value; }

    UserSpace& space;
    UserRegisters start{};
    kernel::machine::FloatRegisters floats{};
    void* argument = nullptr;  // the case's

    // What happens in the kernel, as the program's task, interrupts on. Where nothing is said a
    // trap fails the case and ends the program.
    void (*trapped)(Program&, UserRegisters&, UserTrap, VirtAddr) = nullptr;
    i64 (*called)(Program&, UserRegisters&, u64 a0) = nullptr;
    void (*exiting)(Program&, UserRegisters&) = nullptr;

    bool in_user = false;                // of its task, by what the upcalls said
    kernel::Atomic<u32> exit_wanted{0};  // atomic: whether user_exit() calls `exiting`
    kernel::Atomic<u64> result{0};       // atomic: a0 of kEndCall
};

/// Opens `space` with `code` at kUserCode.
void open_with_code(UserSpace& space, std::span<const u32> code);
/// Maps a page of zeroes; it is the space's.
PhysAddr map_page(UserSpace& space, VirtAddr at, UserAccess access = UserAccess::kReadWrite);
/// Puts `code` into a page, to be mapped and executed.
void write_code(PhysAddr page, std::span<const u32> code);
/// Ends the program of the running task.
[[noreturn]] void end_program(Program& program, u64 result);

/// Lets `task`, which executes `program`, meet user_exit().
void want_exit(Program& program, kernel::sched::Task& task);
void close_space(UserSpace& space);

/// Waits until `done()`, asleep, so that programs get the hart, at most kPatience. Returns whether
/// it came.
template <class Done>
bool sleep_until(Done&& done) {
    const Nanos begun = kernel::machine::now();
    Nanos pause = kernel::nanos_from_micros(20);
    while (!done()) {
        if (kernel::machine::now() - begun > kPatience) return false;
        (void)kernel::sched::sleep_for(pause);  // ignored: only a pause
        // Programs that do not sleep take turns of many milliseconds.
        pause = std::min(pause + pause, kernel::nanos_from_millis(5));
    }
    return true;
}

/// Loads a constant of 12 bits.
constexpr u32 li(u32 rd, u64 value) {
    return interpreter_tests::mnemonics::addi(rd, interpreter_tests::zero, value);
}

/// Around a case with programs: pages for them, all of which must be given back. The case goes
/// before programs, which may never sleep.
class UserCase : kernel::Pinned {
public:
    UserCase() {
        use_user_pages();
        kernel::sched::Task::current().set_priority(kernel::sched::kNormalPriority + 1, true);
    }
    ~UserCase() {
        kernel::sched::Task::current().set_priority(kernel::sched::kNormalPriority, false);
        CONTRACT_CHECK(user_pages_taken() == 0);
    }
};

/// For the scheduler: makes the space of `to` this hart's.
void switch_spaces(kernel::sched::Task& from, kernel::sched::Task& to);

}  // namespace contract
