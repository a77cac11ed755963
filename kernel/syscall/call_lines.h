// Lines about calls of programs: for `/proc/n/syscall` in 9front's words and columns, and for
// `/proc/n/strace`.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "proc/call_watch.h"
#include "proc/trace.h"

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

/// Context of these: a full call of the current process's program, whose memory is looked at; what
/// it does not have there is left out. Cut at kCallLineMax bytes. Null: there is no memory.
inline constexpr usize kCallLineMax = 8 * 1024;

/// `PID TEXT Name PC arguments`, without a newline.
Ref<proc::CallText> line_at_begin(u64 number, const CallArguments& arguments);
/// `data = RESULT ERROR BEGIN END` and a newline; data only where the call brought some.
Ref<proc::CallText> line_at_end(const EndedCall& call);

/// Whether a call returned to its program, or is to be made again by it, as it met a note.
enum class Returned : u8 { kYes, kNotYet };

/// What a record of a trace says after its number, as `/proc/n/strace` shows it. Cut where it would
/// be too long. Context as above.
class TraceText {
public:
    /// `NS PID HART name(arguments)`
    static TraceText begin(const proc::WatchedCall& call, const CallArguments& arguments);
    /// `NS PID HART name = RESULT DURATION "error" data`
    static TraceText end(const EndedCall& call, Returned returned);

    std::string_view view() const { return {text_.data(), size_}; }

private:
    class Writer;
    TraceText() = default;

    std::array<char, proc::kTraceTextMax> text_;
    usize size_ = 0;
};

}  // namespace kernel::syscall
