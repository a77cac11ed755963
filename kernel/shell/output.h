// Helpers of builtins: copying to the standard output, and failing with a call's own error text.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/builtin.h"
#include "syscall/calls.h"

namespace kernel::shell {

/// Fails the command with the text of `error`, and the detail that the failed call left with it
/// ("file does not exist: '/proc/7'"). For `return fail_with(call, error)` right after the call, or
/// with only OpenFiles closed since.
inline Result<void> fail_with(rc::Call& call, Error error) {
    // Whoever interrupted a command knows that it ended early; a message would only be in the way.
    if (error == Error::kInterrupted) {
        call.set_status(error_text(error));
        return {};
    }
    const syscall::ErrorString text = syscall::error_string(error);
    return call.fail("{}", text.view());
}

/// Closes `fd`, and keeps the detail of what failed before: it is often why.
void close_quietly(i32 fd);

/// A descriptor that is closed at the end of its scope.
class OpenFile : Pinned {
public:
    explicit OpenFile(i32 fd) : fd_(fd) {}
    ~OpenFile() { close_quietly(fd_); }
    i32 fd() const { return fd_; }

private:
    i32 fd_;
};

/// Writes all of `text` to `fd`. Returns what the first failing write returned.
inline Result<void> write_all(i32 fd, std::string_view text) {
    while (!text.empty()) {
        const usize written = TRY(syscall::write(fd, as_bytes(text)));
        if (written == 0) return Error::kIo;
        text.remove_prefix(written);
    }
    return {};
}

}  // namespace kernel::shell
