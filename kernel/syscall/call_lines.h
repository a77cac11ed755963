// Lines about calls of programs, as `/proc/n/syscall` shows them: 9front's words and columns.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "proc/call_watch.h"

namespace kernel::syscall {

/// The first arguments of a call, as registers.
using CallArguments = std::array<u64, 6>;

/// A call that ended.
struct EndedCall {
    u64 number;
    CallArguments arguments;
    i64 result;
    Nanos begin;  // since 1970
    Nanos end;
};

/// Context of both: a full call of the current process's program, whose memory is looked at; what
/// it does not have there is left out. Cut at kCallLineMax bytes. Null: there is no memory.
inline constexpr usize kCallLineMax = 8 * 1024;

/// `PID TEXT Name PC arguments`, without a newline.
Ref<proc::CallText> line_at_begin(u64 number, const CallArguments& arguments);
/// `data = RESULT ERROR BEGIN END` and a newline; data only where the call brought some.
Ref<proc::CallText> line_at_end(const EndedCall& call);

}  // namespace kernel::syscall
