// The table of calls: a row per number that a program can call.
#pragma once

#include "base/std.h"
#include "proc/tracing.h"

namespace kernel::syscall {

/// What an argument of a call is, for those who tell of it.
enum class CallArgument : char {
    kInt = 'd',
    kLong = 'l',  // 64 bits with a sign
    kSize = 'u',
    kFlags = 'x',  // 32 bits
    kPointer = 'p',
    kText = 's',
    kWritten = 'w',  // where data to be written lie; the next argument says how many
    kWords = 'a',    // an array of texts that ends with nil
};

/// What comes of a call.
enum class CallOutcome : char {
    kNumber = 'l',
    kPointer = 'p',
    kRead = 'r',     // data, where the second argument says
    kText = 's',     // a text, where the last but one says
    kCounted = 'c',  // the same, of as many bytes as the result
};

struct CallDescription {
    std::string_view name;       // as Plan 9 has it; empty for numbers without a call
    std::string_view arguments;  // a CallArgument each
    CallOutcome outcome = CallOutcome::kNumber;
};

/// Call `number`. Any context.
CallDescription describe_call(u64 number);

/// Its name and the set it is in, for proc::use_call_names().
proc::CallName name_call(u64 number);

/// Its name alone.
inline std::string_view call_name(u64 number) { return describe_call(number).name; }

}  // namespace kernel::syscall
