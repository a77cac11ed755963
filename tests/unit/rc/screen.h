// Screen: a terminal for tests: it shows what is written and types what a test wants typed.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shell/rc/edit_terminal.h"

namespace kernel::shell::rc::test {

/// What the terminal understands.
enum class ScreenKind : u8 {
    kXterm,  // escape sequences, and answers questions
    kDumb,   // carriage return, newline, bell; shows the rest
};

/// A screen that scrolls. Runes are laid out as xterm does: the cursor stays on a full row until
/// something more is written.
class Screen final : public Terminal {
public:
    explicit Screen(WindowSize size, ScreenKind kind = ScreenKind::kXterm);

    /// Types `keys`. When all was read, the input ends.
    void type(std::string_view keys);
    /// Nothing was typed after all.
    void forget_keys() { keys_.clear(); }
    /// Called when all that was typed has been read; it may type more.
    std::function<void()> when_idle{};

    /// The rows from the first one ever written on, without blanks at their ends.
    std::string text() const;
    /// The same with `|` where the cursor is.
    std::string text_with_cursor() const;
    unsigned bells() const { return bells_; }
    TerminalMode mode() const { return mode_; }
    bool pastes_bracketed() const { return pastes_bracketed_; }
    /// Everything that was written, byte for byte.
    const std::string& written() const { return written_; }

    /// From which write on writing fails with kIo.
    std::size_t fail_write_from = ~std::size_t{0};
    /// Whether reading an empty keyboard is interrupted, not ended.
    bool interrupts_when_idle = false;
    WindowSize known_size{};  // what size() says

    // Terminal.
    Result<usize> read(std::span<char> into) override;
    Result<void> write(std::string_view text) override;
    Result<void> set_mode(TerminalMode mode) override;
    WindowSize size() override { return known_size; }
    void learn_size(WindowSize size) override { learned = size; }
    WindowSize learned{};

private:
    /// What is in a cell: a rune and its marks; empty for the second half of a wide one.
    struct Cell {
        std::string text = " ";
    };
    using Row = std::vector<Cell>;

    void put(std::string_view rune);
    void control(char c);
    void sequence(std::string_view parameters, char last);
    void newline();
    Row& row() { return rows_[top_ + row_]; }
    std::string text_of(bool with_cursor) const;

    const WindowSize size_;
    const ScreenKind kind_;
    std::deque<char> keys_;
    std::vector<Row> rows_;  // all that were ever shown
    std::size_t top_ = 0;    // the first one on the screen
    u32 row_ = 0;
    u32 column_ = 0;
    u32 saved_row_ = 0;
    u32 saved_column_ = 0;
    bool wraps_next_ = false;  // the last column was written
    std::string pending_;      // of a rune or an escape sequence
    std::string written_;
    std::size_t writes_ = 0;
    unsigned bells_ = 0;
    bool pastes_bracketed_ = false;
    TerminalMode mode_ = TerminalMode::kLines;
};

}  // namespace kernel::shell::rc::test
