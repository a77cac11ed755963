// ConsoleTerminal: the console as the line editor and the pager see it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_terminal.h"

namespace kernel::shell {

/// The terminal behind #c/cons, with descriptors of its own, so that redirections do not matter.
/// Context: the process that made it.
class ConsoleTerminal final : public rc::Terminal, Pinned {
public:
    ConsoleTerminal() = default;
    ~ConsoleTerminal();

    /// Opens the console and its control file. Errors: of opening them.
    Result<void> open();
    /// Its descriptors, which are not for children.
    std::array<i32, 2> descriptors() const { return {console_, control_}; }

    Result<usize> read(std::span<char> into) override;
    Result<void> write(std::string_view text) override;
    Result<void> set_mode(rc::TerminalMode mode) override;
    rc::WindowSize size() override;
    void learn_size(rc::WindowSize size) override;

private:
    i32 console_ = -1;
    i32 control_ = -1;
};

}  // namespace kernel::shell
