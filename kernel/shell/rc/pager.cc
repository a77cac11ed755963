// Pager: lines, rows, and the questions between pages.
#include "shell/rc/pager.h"

#include "base/text.h"
#include "shell/rc/rune.h"

namespace kernel::shell::rc {
namespace {

constexpr std::string_view kQuestion = "--more-- (space, enter, /, n, q) ";
constexpr u32 kTabColumns = 8;

/// Writes over `columns` columns of the row, and goes back to its start.
void put_erasure(TextBuffer& out, usize columns) {
    out.put('\r');
    for (usize i = 0; i < columns; ++i) out.put(' ');
    out.put('\r');
}

}  // namespace

Pager::Pager(Memory& memory, Terminal& terminal, WindowSize size)
    : memory_(memory), terminal_(terminal), size_(size), line_(memory), wanted_(memory) {
    if (terminal.size().known()) size_ = terminal.size();
    if (!size_.known()) size_ = kUsualSize;
    size_.rows = std::max<u32>(size_.rows, 2);
    room_ = size_.rows - 1;
}

Result<Pager::Outcome> Pager::show(Source& text) {
    TRY(terminal_.set_mode(TerminalMode::kRaw));
    Result<Outcome> outcome = show_raw(text);
    const Result<void> restored = terminal_.set_mode(TerminalMode::kLines);
    if (outcome.ok() && !restored.ok()) return restored.error();
    return outcome;
}

Result<Pager::Outcome> Pager::show_raw(Source& text) {
    at_ = filled_ = 0;
    while (TRY(next_line(text))) {
        if (searching_) {
            if (line_.view().find(wanted_.view()) == std::string_view::npos) continue;
            searching_ = false;
        }
        if (room_ == 0 && !TRY(ask())) return Outcome::kQuit;
        if (searching_ && line_.view().find(wanted_.view()) == std::string_view::npos) continue;
        searching_ = false;
        TRY(put_line());
    }
    if (searching_) {
        searching_ = false;
        TRY(terminal_.write("not found\r\n"));
    }
    return Outcome::kEnd;
}

Result<int> Pager::next_byte(Source& text) {
    if (at_ == filled_) {
        filled_ = TRY(text.read(buffer_, {}));
        at_ = 0;
        if (filled_ == 0) return -1;
    }
    return static_cast<u8>(buffer_[at_++]);
}

/// Puts the next line into line_; false at the end.
Result<bool> Pager::next_line(Source& text) {
    if (line_ended_) column_ = 0;
    line_.clear();
    line_ended_ = false;
    while (line_.size() < kMaxLine) {
        const int c = TRY(next_byte(text));
        if (c == -1) break;
        if (c == '\n') {
            line_ended_ = true;
            return true;
        }
        line_.put(static_cast<char>(c));
    }
    (void)TRY(line_.text());  // ignored: looked at by the caller
    if (line_.size() == 0) return false;
    // The last line may lack its newline; one that is too long goes on with the next.
    if (line_.size() < kMaxLine) line_ended_ = true;
    return true;
}

/// Writes the text as it can be seen; returns the column behind it and counts rows begun.
u32 Pager::put_glyphs(TextBuffer& out, std::string_view text, u32 column, u32& rows) const {
    while (!text.empty()) {
        const DecodedRune at = decode_rune(text);
        const bool control = at.rune < ' ' || at.rune == 0x7f;
        const bool tab = at.rune == '\t';
        const bool shown = at.rune < kStrayByte && !(at.rune >= 0x80 && at.rune < 0xa0);
        u32 width = static_cast<u32>(rune_width(at.rune));
        if (control) width = 2;
        if (tab) width = kTabColumns - column % kTabColumns;
        if (column + width > size_.columns) {
            ++rows;
            out.write("\r\n");
            column = 0;
            if (tab) width = kTabColumns;
        }
        if (tab) {
            for (u32 i = 0; i < width; ++i) out.put(' ');
        } else if (control) {
            out.put('^');
            out.put(static_cast<char>(at.rune ^ 0x40));
        } else {
            out.write(shown ? text.substr(0, at.size) : std::string_view("?"));
        }
        column += width;
        text.remove_prefix(at.size);
    }
    return column;
}

Result<void> Pager::put_line() {
    TextBuffer out(memory_);
    u32 rows = 0;
    column_ = put_glyphs(out, line_.view(), column_, rows);
    if (line_ended_) {
        // A row that is full to the last column is ended by the same newline.
        out.write("\r\n");
        ++rows;
    }
    room_ -= std::min(room_, rows);
    return terminal_.write(TRY(out.text()));
}

Result<Key> Pager::next_key() {
    for (;;) {  // ends with a key
        char byte = 0;
        if (TRY(terminal_.read({&byte, 1})) == 0) return Error::kHungUp;
        const Key key = decoder_.take(byte);
        if (key.kind != Key::Kind::kNone) return key;
    }
}

/// Asks whether to go on; false if not.
Result<bool> Pager::ask() {
    TRY(terminal_.write(kQuestion));
    bool answered = false;
    bool goes_on = true;
    while (!answered) {
        const Result<Key> key = next_key();
        // Who cannot answer has seen enough.
        if (!key.ok() && key.error() != Error::kHungUp) return key.error();
        const std::string_view text = key.ok() ? key.value().text() : "q";
        answered = true;
        if (text == "q" || text == "Q" ||
            (key.ok() && (key.value().is_control('C') || key.value().is_control('D')))) {
            goes_on = false;
        } else if (text == " ") {
            room_ = size_.rows - 1;
        } else if (text == "j" || key.value().is_control('M') || key.value().is_control('J') ||
                   key.value().kind == Key::Kind::kDown) {
            room_ = 1;
        } else if (text == "/") {
            return read_search();
        } else if (text == "n" && wanted_.size() > 0) {
            searching_ = true;
            room_ = size_.rows - 1;
        } else {
            answered = false;
            TRY(terminal_.write("\a"));
        }
    }
    TextBuffer out(memory_);
    put_erasure(out, kQuestion.size());
    TRY(terminal_.write(TRY(out.text())));
    return goes_on;
}

/// Reads what to search for, in place of the question.
Result<bool> Pager::read_search() {
    TextBuffer typed(memory_);
    TextBuffer out(memory_);
    for (usize width = kQuestion.size();;) {  // ends with the person
        out.clear();
        put_erasure(out, width);
        out.put('/');
        out.write(typed.view());
        width = text_width(typed.view()) + 1;
        TRY(terminal_.write(TRY(out.text())));
        const Key key = TRY(next_key());
        if (key.kind == Key::Kind::kText) {
            typed.write(key.text());
        } else if (key.kind == Key::Kind::kBackspace && typed.size() > 0) {
            typed.cut(cut_at_rune(typed.view(), typed.size() - 1).size());
        } else if (key.is_control('M') || key.is_control('J')) {
            out.clear();
            put_erasure(out, width);
            TRY(terminal_.write(TRY(out.text())));
            if (typed.size() > 0) {
                wanted_.clear();
                wanted_.write(typed.view());
            }
            searching_ = TRY(wanted_.text())
            .size() > 0;
            room_ = size_.rows - 1;
            return true;
        } else if (key.is_control('C')) {
            out.clear();
            put_erasure(out, width);
            TRY(terminal_.write(TRY(out.text())));
            return false;
        }
    }
}

}  // namespace kernel::shell::rc
