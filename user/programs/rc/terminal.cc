// Terminal: the console, and lines with prompts.
#include "user/programs/rc/terminal.h"

namespace kernel::shell::user {

Result<void> write_all(rc::Host& host, rc::Fd fd, std::string_view text) {
    while (!text.empty()) {
        const usize written = TRY(host.write(fd, as_bytes(text)));
        if (written == 0) return Error::kIo;
        text.remove_prefix(written);
    }
    return {};
}

Result<void> ConsoleTerminal::open() {
    console_ = TRY(host_.open("/dev/cons", rc::OpenMode::kReadWrite));
    control_ = TRY(host_.open("/dev/consctl", rc::OpenMode::kWrite));
    return {};
}

Result<usize> ConsoleTerminal::read(std::span<char> into) {
    return host_.read(console_, std::as_writable_bytes(into));
}

Result<void> ConsoleTerminal::write(std::string_view text) {
    return write_all(host_, console_, text);
}

Result<void> ConsoleTerminal::set_mode(rc::TerminalMode mode) {
    return write_all(host_, control_, mode == rc::TerminalMode::kRaw ? "rawon" : "rawoff");
}

Result<usize> PromptedInput::read(std::span<char> into, std::string_view prompt) {
    // ignored: who does not see the prompt can type all the same
    if (line_begins_) (void)write_all(host_, 2, prompt);
    line_begins_ = true;  // also after an interrupt, which gives the line up
    const usize count = TRY(input_.read(into, prompt));
    line_begins_ = count > 0 && into[count - 1] == '\n';
    return count;
}

}  // namespace kernel::shell::user
