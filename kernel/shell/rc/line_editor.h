// LineEditor: reads lines from a person at a terminal.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/edit_buffer.h"
#include "shell/rc/edit_complete.h"
#include "shell/rc/edit_display.h"
#include "shell/rc/edit_history.h"
#include "shell/rc/edit_keys.h"
#include "shell/rc/edit_terminal.h"
#include "shell/rc/memory.h"

namespace kernel::shell::rc {

/// Editing as in emacs: arrows, Home, End, Ctrl-A B D E F H K L N P T U W Y, Alt-B D F,
/// Alt-Backspace, Delete; Up and Down through the history, Ctrl-R to search it; Tab to complete,
/// twice to list.
///
/// A terminal is taken for a plain one, which knows no more than carriage return and newline, until
/// it has answered the question for its size; so the editor works on any.
class LineEditor : Pinned {
public:
    /// `completer` may be null. All outlive the editor.
    LineEditor(Memory& memory, Terminal& terminal, History& history, Completer* completer);

    /// Lets the person edit a line after `prompt`. Returns it without its newline, valid until the
    /// next call. The terminal is in its raw mode only meanwhile. Fails with kInterrupted on Ctrl-C
    /// or a note; kHungUp at the end of input (also Ctrl-D in an empty line); else as the terminal
    /// does. Running out of memory rings the bell, and the key does nothing.
    Result<std::string_view> read_line(std::string_view prompt);

    /// How the terminal is treated and how large it is; for the pager and tests.
    const Display& display() const { return display_; }

private:
    enum class Outcome : u8 { kGoOn, kEntered, kInterrupted, kEnded };

    Result<std::string_view> edit(std::string_view prompt);
    Result<Key> next_key();
    Result<void> ask_size();
    void take_position(const Key& key);
    Result<Outcome> take_key(const Key& key);
    Result<Outcome> take_control(char code);
    Result<void> edit_key(const Key& key);
    Result<void> meta_key(char code);
    Result<void> paste();
    Result<void> go_to(usize index);
    Result<void> search(bool& entered, bool& interrupted);
    Result<void> show_search(std::string_view text, bool found);
    Result<void> complete();
    Result<void> put_completion(const Candidates& candidates);
    Result<void> list(Candidates& candidates);
    Result<void> refresh();
    void bell();

    Memory& memory_;
    Terminal& terminal_;
    History& history_;
    Completer* completer_;
    Display display_;
    KeyDecoder decoder_;
    EditBuffer buffer_;
    TextBuffer draft_;         // the line as it was before history was looked at
    std::string_view prompt_;  // its last line
    usize at_ = 0;             // the history line shown; history_.size(): none, the draft
    bool asked_ = false;       // the terminal was asked at least once
    bool awaiting_ = false;    // and has not answered the last time
    bool listed_ = false;      // the last key was a Tab that could not complete
};

}  // namespace kernel::shell::rc
