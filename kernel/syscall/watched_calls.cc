// Calls of programs that somebody watches: told of before and after.
#include "syscall/watched_calls.h"

#include "chan/wall_time.h"
#include "machine/interrupts.h"
#include "machine/user.h"
#include "proc/proc.h"
#include "syscall/call_lines.h"
#include "syscall/table.h"

namespace kernel::syscall {
namespace {

using machine::SystemCall;

/// Shows the arguments in the registers, as at the call, while the process is stopped there; its
/// debugger may change them.
void stop_at_begin(u64 number, CallArguments& arguments) {
    constexpr usize kNumberRegister = 7;
    machine::UserRegisters& registers = proc::current().registers();
    for (usize i = 0; i < arguments.size(); ++i) registers.a(i) = arguments[i];
    registers.a(kNumberRegister) = number;
    proc::stop_at_call(line_at_begin(number, arguments));
    for (usize i = 0; i < arguments.size(); ++i) arguments[i] = registers.a(i);
    // As they are in every call: nobody finds them when it ends.
    for (usize i = 1; i < arguments.size(); ++i) registers.a(i) = 0;
    registers.a(kNumberRegister) = 0;
}

i64 run_row(const SystemCall& row, const CallArguments& a) {
    if (row.full != 0) return row.run(a[0], a[1], a[2], a[3], a[4], a[5]);
    const machine::InterruptsOff off;
    return row.run(a[0], a[1], a[2], a[3], a[4], a[5]);
}

void tell_end(const proc::WatchedCall& call, const CallArguments& arguments, i64 result) {
    if (!proc::stops_at_calls()) return;
    proc::stop_after_call(line_at_end({.number = call.number,
                                       .arguments = arguments,
                                       .result = result,
                                       .begin = call.begin,
                                       .end = chan::wall_time()}));
}

/// Of a call that does not return: exec, whose arguments are gone with their memory, and noted.
void tell_end_elsewhere(i64 result) { tell_end(proc::current().watched_call(), {}, result); }

}  // namespace

i64 run_watched(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5, u64 number) {
    CallArguments arguments{a0, a1, a2, a3, a4, a5};
    if (proc::stops_at_calls()) stop_at_begin(number, arguments);
    const proc::WatchedCall call{number, chan::wall_time(), tell_end_elsewhere};
    proc::Proc& self = proc::current();
    self.watched_call() = call;
    const u64 pc = self.registers().pc;
    const i64 result = run_row(machine::upcalls::procyon_system_calls[number], arguments);
    // One that is to be made again, as it met a note, has not ended.
    if (self.registers().pc == pc) tell_end(call, arguments, result);
    return result;
}

}  // namespace kernel::syscall
