// Pager: text on a terminal, a window at a time.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_keys.h"
#include "shell/rc/edit_terminal.h"
#include "shell/rc/memory.h"
#include "shell/rc/source.h"
#include "shell/rc/word.h"

namespace kernel::shell::rc {

/// Shows a page, then waits for a key: Space for a page more, Enter for a line, `/` to go on at the
/// next line that contains a text, `n` for the same again, `q` to stop.
class Pager : Pinned {
public:
    /// `size` is used if the terminal does not know its own.
    Pager(Memory& memory, Terminal& terminal, WindowSize size);

    enum class Outcome : u8 { kEnd, kQuit };

    /// Shows `text` to its end, or until the person has seen enough. May be called for one text
    /// after the other. Fails as the source or the terminal does, or with kNoMemory.
    Result<Outcome> show(Source& text);

private:
    static constexpr usize kMaxLine = 2048;  // a longer one counts as several

    Result<Outcome> show_raw(Source& text);
    Result<bool> next_line(Source& text);
    Result<int> next_byte(Source& text);
    Result<void> put_line();
    u32 put_glyphs(TextBuffer& out, std::string_view text, u32 column, u32& rows) const;
    Result<bool> ask();
    Result<bool> read_search();
    Result<Key> next_key();

    Memory& memory_;
    Terminal& terminal_;
    WindowSize size_;
    KeyDecoder decoder_;
    TextBuffer line_;    // the line at hand, without its newline
    TextBuffer wanted_;  // what is searched for
    bool searching_ = false;
    bool line_ended_ = true;  // the line at hand was complete
    u32 column_ = 0;          // where the last line stopped, if it was not
    u32 room_ = 0;            // rows until the next question
    usize at_ = 0;
    usize filled_ = 0;
    std::array<char, 256> buffer_;
};

}  // namespace kernel::shell::rc
