// The life of a hart in user mode: slices of a program, and what the kernel does between them.
#include "machine/user.h"

#include "machine/interrupts.h"
#include "tests/host/common/flow.h"
#include "tests/host/common/session.h"
#include "tests/host/common/user_hart.h"

namespace host {
namespace {

using interpreter::Cause;
using interpreter::Stop;
using kernel::i64;
using kernel::machine::kSystemCalls;
using kernel::machine::SystemCall;
using kernel::machine::UserRegisters;
using kernel::machine::upcalls::UserTrap;
namespace machine = kernel::machine;
namespace upcalls = kernel::machine::upcalls;

/// sstatus of a trap from user mode: interrupts were on (SPIE), and its registers have 64 bits
/// (UXL).
constexpr u64 kStatusAtTrap = u64{2} << 32 | u64{1} << 5;
constexpr usize kCallNumber = 7;  // a7

UserTrap trap_of(Cause cause) {
    switch (cause) {
        case Cause::kLoadPageFault:
            return UserTrap::kLoad;
        case Cause::kStorePageFault:
            return UserTrap::kStore;
        case Cause::kInstructionPageFault:
            return UserTrap::kExecute;
        case Cause::kIllegalInstruction:
            return UserTrap::kIllegalInstruction;
        case Cause::kBreakpoint:
            return UserTrap::kBreakpoint;
        case Cause::kLoadMisaligned:
        case Cause::kStoreMisaligned:
            return UserTrap::kMisaligned;
        case Cause::kInstructionAccessFault:
        case Cause::kLoadAccessFault:
        case Cause::kStoreAccessFault:
            return UserTrap::kAccess;
        case Cause::kUserCall:
        case Cause::kSteps:
            break;
    }
    PANIC("cause {} is no trap", static_cast<u64>(cause));
}

/// So that a call hands out nothing of the kernel: what a callee need not save, but ra and a0, and of a full call what it may
/// be made again with.
void clear_after_call(UserRegisters& registers, bool full) {
    constexpr usize kAlways[] = {5, 6, 7, 16, 28, 29, 30, 31};  // t0.., a6, t3..
    constexpr usize kOfShort[] = {11, 12, 13, 14, 15, 17};      // a1.., a7
    for (const usize number : kAlways) registers.x(number) = 0;
    if (full) return;
    for (const usize number : kOfShort) registers.x(number) = 0;
}

/// Returns whether the call was a full one.
bool serve_call(UserRegisters& registers) {
    const u64 number = std::min<u64>(registers.a(kCallNumber), kSystemCalls - 1);
    const SystemCall& row = my_user_hart().calls()[number];
    const std::array<u64, 6> a{registers.a(0), registers.a(1), registers.a(2),
                               registers.a(3), registers.a(4), registers.a(5)};
    const bool full = row.full != 0;
    if (full) upcalls::user_entry();
    registers.pc += 4;
    kernel::machine::UserRoom& room = kernel::machine::room_of(registers);
    // relaxed (both): only this hart writes it.
    const u64 calls = room.calls.load(std::memory_order_relaxed) + 1;
    room.record = &room.records[calls % kernel::machine::kCallRecords];
    room.record->begin(number, room.stamp);
    room.calls.store(calls, std::memory_order_relaxed);
    // Before the call: who looks at the registers meanwhile, or copies them for a child, finds them
    // so, and what a row writes there stands but for a0.
    registers.a(kCallNumber) = number;
    clear_after_call(registers, full);
    const u64 pc = registers.pc;
    if (full) machine::enable_interrupts();
    const i64 result = row.run(a[0], a[1], a[2], a[3], a[4], a[5]);
    if (full) machine::disable_interrupts();
    registers.a(0) = static_cast<u64>(result);
    // One that is made again did not return.
    if (registers.pc + machine::kCallBytes != pc) room.record->end(registers.a(0));
    return full;
}

/// Does what the end of a slice asks for. Interrupts are off, in between perhaps not. Returns
/// whether the kernel may want something of the process.
bool serve(const Stop& stop, UserRegisters& registers) {
    if (stop.cause == Cause::kSteps) return false;
    if (stop.cause == Cause::kUserCall) return serve_call(registers);
    upcalls::user_entry();
    registers.status = kStatusAtTrap;
    registers.cause = static_cast<u64>(stop.cause);
    registers.value = stop.value;
    machine::enable_interrupts();
    upcalls::user_trap(registers, trap_of(stop.cause), VirtAddr{stop.value});
    machine::disable_interrupts();
    return true;
}

/// The bottom of the stack of a process in user mode. What lies per hart is looked up anew after
/// each time that interrupts were on: the process may be on another hart.
void run_program(void*) {
    machine::disable_interrupts();
    my_user_hart().yield_reservation();
    bool look = true;  // whether the kernel may want something of the process
    for (;;) {         // until the process ends or begins anew
        if (backend::interrupt_pending()) {
            // Between a trap and the way back the kernel knows already that it runs.
            if (!look) upcalls::user_entry();
            machine::enable_interrupts();
            machine::disable_interrupts();
            look = true;
        }
        while (look && upcalls::user_exit_wanted()) {
            UserRegisters& registers = my_user_hart().registers();
            machine::enable_interrupts();
            upcalls::user_exit(registers);
            machine::disable_interrupts();
        }
        UserHart& hart = my_user_hart();
        const Stop stop = hart.run(backend::draw_slice());
        backend::pass_instructions(stop.retired);
        look = serve(stop, hart.registers());
    }
}

}  // namespace
}  // namespace host

namespace kernel::machine {

void enter_user() {
    ASSERT(interrupts_enabled());
    host::restart_flow(host::run_program, nullptr);
}

}  // namespace kernel::machine
