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

/// The arguments are in the registers, as at the call, while the process is stopped there; its
/// debugger may change them, but not the number.
void stop_at_begin(u64 number, CallArguments& arguments) {
    constexpr usize kNumberRegister = 7;
    machine::UserRegisters& registers = proc::current().registers();
    proc::stop_at_call(line_at_begin(number, arguments));
    for (usize i = 0; i < arguments.size(); ++i) arguments[i] = registers.a(i);
    registers.a(kNumberRegister) = number;
}

i64 run_row(const SystemCall& row, const CallArguments& a) {
    if (row.full != 0) return row.run(a[0], a[1], a[2], a[3], a[4], a[5]);
    const machine::InterruptsOff off;
    return row.run(a[0], a[1], a[2], a[3], a[4], a[5]);
}

// Records lie on the stack while they are made, but not while the call runs.

[[gnu::noinline]] void record_begin(proc::WatchedCall& call, const CallArguments& arguments) {
    const Ref<proc::Trace> trace = proc::begin_traced_call(call.number);
    if (!trace) return;
    call.begin = chan::wall_time();  // it may have waited for room
    const TraceText text = TraceText::begin(call, arguments);
    proc::tell_call_begin(*trace, text.view());
}

[[gnu::noinline]] void record_end(const EndedCall& call, Returned returned) {
    const Ref<proc::Trace> trace = proc::trace_of_call();
    if (!trace) return;
    const TraceText text = TraceText::end(call, returned);
    proc::tell_call_end(*trace, text.view());
}

void tell_end(const proc::WatchedCall& call, const CallArguments& arguments, i64 result,
              Returned returned) {
    const EndedCall ended{.number = call.number,
                          .arguments = arguments,
                          .result = result,
                          .begin = call.begin,
                          .end = chan::wall_time()};
    record_end(ended, returned);
    if (returned == Returned::kYes && proc::stops_at_calls()) {
        proc::stop_after_call(line_at_end(ended));
    }
}

/// Of a call that does not return: exec, whose arguments are gone with their memory, and noted.
void tell_end_elsewhere(i64 result) {
    tell_end(proc::current().watched_call(), {}, result, Returned::kYes);
}

}  // namespace

i64 run_watched(u64 a0, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5, u64 number) {
    CallArguments arguments{a0, a1, a2, a3, a4, a5};
    proc::Proc& self = proc::current();
    const u64 behind_call = self.registers().pc;
    if (proc::stops_at_calls()) stop_at_begin(number, arguments);
    // Where its debugger lets it go on elsewhere, there is no call to be made again.
    const bool goes_elsewhere = self.registers().pc != behind_call;
    if (goes_elsewhere) self.repetition().forbid();
    proc::WatchedCall& call = self.watched_call();
    call = {number, chan::wall_time(), tell_end_elsewhere};
    record_begin(call, arguments);
    const u64 pc = self.registers().pc;
    const i64 result = run_row(machine::upcalls::procyon_system_calls[number], arguments);
    if (goes_elsewhere) self.repetition().clear();
    // One that is to be made again, as it met a note, has not ended for whoever stops at ends.
    const bool again = self.registers().pc != pc;
    tell_end(call, arguments, result, again ? Returned::kNotYet : Returned::kYes);
    return result;
}

}  // namespace kernel::syscall
