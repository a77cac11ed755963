// Terminal: a person's screen and keyboard, as the line editor and the pager need them.
#pragma once

#include "base/result.h"
#include "base/std.h"

namespace kernel::shell::rc {

struct WindowSize {
    u32 rows = 0;
    u32 columns = 0;

    bool known() const { return rows != 0 && columns != 0; }
};
inline constexpr WindowSize kUsualSize{24, 80};

/// What the keyboard sends and how: kRaw byte by byte, without echo, Ctrl-C as the byte 3; kLines
/// as the system treats lines when nobody edits them.
enum class TerminalMode : u8 { kLines, kRaw };

/// A terminal. Belongs to who reads from it.
class Terminal {
public:
    /// Waits for input; at least one byte, 0 at its end. Fails with kInterrupted on a note.
    virtual Result<usize> read(std::span<char> into) = 0;
    /// Writes all of `text`, byte for byte: a new line at column 0 is "\r\n".
    virtual Result<void> write(std::string_view text) = 0;
    virtual Result<void> set_mode(TerminalMode mode) = 0;
    /// The size, if the home knows it.
    virtual WindowSize size() { return {}; }
    /// The terminal itself has told its size: worth keeping for others that use it.
    virtual void learn_size(WindowSize) {}

protected:
    ~Terminal() = default;
};

}  // namespace kernel::shell::rc
