// EditBuffer: a line of text with a cursor, and what editing keys do to it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {

/// Text with a cursor, which is always at the border of a rune and its combining marks. What can
/// fail fails with kNoMemory and changes nothing.
class EditBuffer : Pinned {
public:
    explicit EditBuffer(Memory& memory) : text_(memory), killed_(memory) {}

    std::string_view text() const { return {text_.begin(), text_.size()}; }
    usize cursor() const { return cursor_; }
    bool empty() const { return text_.empty(); }
    bool at_end() const { return cursor_ == text_.size(); }

    Result<void> insert(std::string_view text);
    /// Replaces [from, to) by `text`; the cursor goes behind it.
    Result<void> replace(usize from, usize to, std::string_view text);
    /// Replaces everything; the cursor goes to the end.
    Result<void> set(std::string_view text);

    void move_to(usize position) { cursor_ = position; }
    void home() { cursor_ = 0; }
    void end() { cursor_ = text_.size(); }
    void left() { cursor_ = before(cursor_); }
    void right() { cursor_ = after(cursor_); }
    void word_left() { cursor_ = word_before(); }
    void word_right() { cursor_ = word_after(); }

    void erase_left() { erase(before(cursor_), cursor_); }
    void erase_right() { erase(cursor_, after(cursor_)); }

    // Killing keeps the text for yank().
    Result<void> kill_to_end() { return kill(cursor_, text_.size()); }
    Result<void> kill_to_start() { return kill(0, cursor_); }
    Result<void> kill_word_right() { return kill(cursor_, word_after()); }
    /// Back to the start of the run of letters and digits before the cursor.
    Result<void> kill_word_left() { return kill(word_before(), cursor_); }
    /// Back to the blank before the cursor.
    Result<void> kill_argument_left();
    Result<void> yank();
    /// Exchanges the two characters before the cursor, or around it.
    Result<void> transpose();

private:
    usize before(usize position) const;
    usize after(usize position) const;
    usize word_before() const;
    usize word_after() const;
    void erase(usize from, usize to);
    Result<void> kill(usize from, usize to);

    Vector<char> text_;
    Vector<char> killed_;
    usize cursor_ = 0;
};

}  // namespace kernel::shell::rc
