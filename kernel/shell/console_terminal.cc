// ConsoleTerminal: reads and writes #c/cons, raw through #c/consctl.
#include "shell/console_terminal.h"

#include "shell/output.h"
#include "syscall/calls.h"

namespace kernel::shell {

Result<void> ConsoleTerminal::open() {
    console_ = TRY(syscall::open("#c/cons", chan::kORdWr));
    control_ = TRY(syscall::open("#c/consctl", chan::kOWrite));
    return {};
}

ConsoleTerminal::~ConsoleTerminal() {
    for (const i32 fd : descriptors()) {
        if (fd >= 0) (void)syscall::close(fd);  // ignored: closed is what is wanted
    }
}

Result<usize> ConsoleTerminal::read(std::span<char> into) {
    return syscall::read(console_, std::as_writable_bytes(into));
}

Result<void> ConsoleTerminal::write(std::string_view text) { return write_all(console_, text); }

Result<void> ConsoleTerminal::set_mode(rc::TerminalMode mode) {
    return write_all(control_, mode == rc::TerminalMode::kRaw ? "rawon" : "rawoff");
}

}  // namespace kernel::shell
