// ConsoleTerminal: reads and writes #c/cons, raw through #c/consctl.
#include "shell/console_terminal.h"

#include "base/atomic.h"
#include "shell/output.h"
#include "syscall/calls.h"

namespace kernel::shell {
namespace {

/// The console's size as whoever asked it last was told: rows above columns. There is one console,
/// so what the line editor learns is for the pager, too.
constinit Atomic<u64> window{0};  // atomic: relaxed, a single value that nothing depends on
constexpr unsigned kRowsShift = 32;

}  // namespace

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

rc::WindowSize ConsoleTerminal::size() {
    // relaxed: see where it is declared.
    const u64 size = window.load(std::memory_order_relaxed);
    return {static_cast<u32>(size >> kRowsShift), static_cast<u32>(size)};
}

void ConsoleTerminal::learn_size(rc::WindowSize size) {
    // relaxed: see where it is declared.
    window.store(u64{size.rows} << kRowsShift | size.columns, std::memory_order_relaxed);
}

Result<void> ConsoleTerminal::set_mode(rc::TerminalMode mode) {
    return write_all(control_, mode == rc::TerminalMode::kRaw ? "rawon" : "rawoff");
}

}  // namespace kernel::shell
