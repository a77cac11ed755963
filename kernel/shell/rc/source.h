// Source: where program text comes from: a string, a file, or a person at a terminal.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::rc {

/// A stream of program text.
class Source {
public:
    /// Puts the next bytes into `into`, at most a line if it comes from a person; 0 at the end.
    /// `prompt` is what to show a person before a new line; empty when the shell is not
    /// interactive. Fails with kInterrupted when the person gave the line up (Ctrl-C): the shell
    /// forgets what it has of the command and asks again.
    virtual Result<usize> read(std::span<char> into, std::string_view prompt) = 0;

protected:
    ~Source() = default;
};

/// Text in memory, which outlives the source.
class TextSource final : public Source {
public:
    explicit TextSource(std::string_view text) : rest_(text) {}
    Result<usize> read(std::span<char> into, std::string_view prompt) override;

private:
    std::string_view rest_;
};

/// Text read from a descriptor, which stays the caller's. Takes no more than it must: one byte at a
/// time if `shared` (commands read the same file), else by the buffer.
class FileSource final : public Source {
public:
    enum class Sharing : u8 { kPrivate, kShared };

    FileSource(Host& host, Fd fd, Sharing sharing) : host_(host), fd_(fd), sharing_(sharing) {}
    Result<usize> read(std::span<char> into, std::string_view prompt) override;

private:
    Host& host_;
    Fd fd_;
    Sharing sharing_;
};

}  // namespace kernel::shell::rc
