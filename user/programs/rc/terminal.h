// Terminal: a person at the console, with the line editor; and one elsewhere, with plain lines.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_terminal.h"
#include "shell/rc/source.h"
#include "user/programs/rc/user_host.h"

namespace kernel::shell::user {

/// The console, with descriptors of its own, so that redirections do not matter.
class ConsoleTerminal final : public rc::Terminal, Pinned {
public:
    explicit ConsoleTerminal(UserHost& host) : host_(host) {}

    /// Opens the console and its control file. Errors: of opening them.
    Result<void> open();

    Result<usize> read(std::span<char> into) override;
    Result<void> write(std::string_view text) override;
    Result<void> set_mode(rc::TerminalMode mode) override;
    rc::WindowSize size() override { return size_; }
    void learn_size(rc::WindowSize size) override { size_ = size; }

private:
    UserHost& host_;
    rc::Fd console_ = rc::kNoFd;
    rc::Fd control_ = rc::kNoFd;
    rc::WindowSize size_;
};

/// Descriptor 0 as a person's input: each line is asked for with the prompt, on descriptor 2.
class PromptedInput final : public rc::Source {
public:
    explicit PromptedInput(rc::Host& host)
        : host_(host), input_(host, 0, rc::FileSource::Sharing::kShared) {}

    Result<usize> read(std::span<char> into, std::string_view prompt) override;

private:
    rc::Host& host_;
    rc::FileSource input_;
    bool line_begins_ = true;
};

/// Writes all of `text`. Returns what the first failing write returned.
Result<void> write_all(rc::Host& host, rc::Fd fd, std::string_view text);

}  // namespace kernel::shell::user
