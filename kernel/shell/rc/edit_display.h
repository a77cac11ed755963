// Display: a prompt and a line on a terminal, over as many rows as they need.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_terminal.h"
#include "shell/rc/memory.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// What the display may use.
enum class TerminalKind : u8 {
    kPlain,   // carriage return and newline: one row, scrolled sideways
    kCursor,  // the common escape sequences: wrapped rows
};

/// Keeps what is on the screen in step with the line. Knows where on the screen it drew last; who
/// writes to the terminal in between calls forget().
class Display : Pinned {
public:
    Display(Memory& memory, Terminal& terminal)
        : terminal_(terminal), output_(memory), shown_(memory) {}

    void set_size(WindowSize size) { size_ = size; }
    WindowSize size() const { return size_; }
    void set_kind(TerminalKind kind) { kind_ = kind; }
    TerminalKind kind() const { return kind_; }

    /// Shows `prompt` and `text` with the cursor before byte `cursor` of the text. Escape sequences
    /// in the prompt take no room. Fails as the terminal does, or with kNoMemory.
    Result<void> show(std::string_view prompt, std::string_view text, usize cursor);
    /// Moves to the start of the row below everything shown.
    Result<void> finish();
    /// The cursor is at the start of an empty row.
    void forget();
    /// Clears the screen.
    Result<void> clear();

private:
    struct Place {
        u32 row = 0;
        u32 column = 0;
    };

    void measure(std::string_view prompt, std::string_view text, usize cursor);
    void put_wrapped(std::string_view prompt, std::string_view text);
    void put_text(std::string_view text, bool is_prompt, Place& place);
    void put_rune(std::string_view bytes, u32 width, Place& place);
    void move(Place from, Place to);
    bool append(std::string_view text, usize cursor);
    Result<void> show_wrapped(std::string_view prompt, std::string_view text, usize cursor);
    Result<void> show_scrolled(std::string_view prompt, std::string_view text, usize cursor);
    Result<void> send();

    Terminal& terminal_;
    TextBuffer output_;
    TextBuffer shown_;  // the text that is on the screen, if shown_valid_
    bool shown_valid_ = false;
    WindowSize size_ = kUsualSize;
    TerminalKind kind_ = TerminalKind::kPlain;
    bool writes_ = true;     // put_rune() writes, or only measures
    Place cursor_;           // where the terminal's cursor is, from where show() began
    Place end_;              // where the text ends
    u32 shown_columns_ = 0;  // kPlain: how much of the row is not blank
    usize scroll_ = 0;       // kPlain: the first byte that is shown
};

}  // namespace kernel::shell::rc
