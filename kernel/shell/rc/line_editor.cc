// LineEditor: keys and what they do.
#include "shell/rc/line_editor.h"

#include "base/text.h"

namespace kernel::shell::rc {
namespace {

/// Whether completing or searching goes on behind this key.
bool is_printable(const Key& key) { return key.kind == Key::Kind::kText; }

}  // namespace

LineEditor::LineEditor(Memory& memory, Terminal& terminal, History& history, Completer* completer)
    : memory_(memory),
      terminal_(terminal),
      history_(history),
      completer_(completer),
      display_(memory, terminal),
      buffer_(memory),
      draft_(memory) {}

Result<std::string_view> LineEditor::read_line(std::string_view prompt) {
    TRY(terminal_.set_mode(TerminalMode::kRaw));
    Result<std::string_view> line = edit(prompt);
    if (display_.kind() == TerminalKind::kCursor) {
        (void)terminal_.write("\x1b[?2004l");  // ignored: the line counts
    }
    const Result<void> restored = terminal_.set_mode(TerminalMode::kLines);
    if (line.ok() && !restored.ok()) return restored.error();
    return line;
}

Result<std::string_view> LineEditor::edit(std::string_view prompt) {
    // All but the last line of a prompt is written once.
    const usize newline = prompt.rfind('\n');
    prompt_ = newline == std::string_view::npos ? prompt : prompt.substr(newline + 1);
    display_.forget();
    TRY(ask_size());
    if (newline != std::string_view::npos) {
        for (std::string_view rest = prompt.substr(0, newline + 1); !rest.empty();) {
            const usize end = rest.find('\n');
            TRY(terminal_.write(rest.substr(0, end)));
            TRY(terminal_.write("\r\n"));
            rest.remove_prefix(end + 1);
        }
    }
    TRY(buffer_.set({}));
    at_ = history_.size();
    listed_ = false;
    TRY(refresh());
    for (;;) {  // ends with the person, or with the input
        const Result<Key> key = next_key();
        if (!key.ok()) {
            (void)display_.finish();  // ignored: the reason is more interesting
            return key.error();
        }
        Result<Outcome> outcome = take_key(key.value());
        if (!outcome.ok()) {
            if (outcome.error() != Error::kNoMemory) {
                (void)display_.finish();  // ignored: the reason is more interesting
                return outcome.error();
            }
            bell();
            outcome = Outcome::kGoOn;
        }
        switch (outcome.value()) {
            case Outcome::kGoOn:
                continue;
            case Outcome::kInterrupted:
                buffer_.end();
                TRY(refresh());
                TRY(terminal_.write("^C"));
                TRY(display_.finish());
                return Error::kInterrupted;
            case Outcome::kEnded:
                TRY(display_.finish());
                return Error::kHungUp;
            case Outcome::kEntered:
                buffer_.end();
                TRY(refresh());
                TRY(display_.finish());
                return buffer_.text();
        }
    }
}

// The terminal.

Result<Key> LineEditor::next_key() {
    for (;;) {  // ends with a key
        // One byte at a time: what is typed ahead for a command must stay in the terminal.
        char byte = 0;
        if (TRY(terminal_.read({&byte, 1})) == 0) return Error::kHungUp;
        const Key key = decoder_.take(byte);
        if (key.kind != Key::Kind::kNone) return key;
    }
}

/// Finds out how large the window is: the home knows, or the terminal is asked to go to its far
/// corner and say where that is. Its answer comes as a key.
Result<void> LineEditor::ask_size() {
    const WindowSize known = terminal_.size();
    if (known.known()) display_.set_size(known);
    const bool plain = display_.kind() == TerminalKind::kPlain;
    // One that did not answer the first time is not asked again.
    if (plain && asked_) return {};
    asked_ = awaiting_ = true;
    TRY(
        terminal_.write("\x1b"
                        "7\x1b[999;999H\x1b[6n\x1b"
                        "8"));
    // A plain terminal has shown this as text: it is overwritten.
    if (plain) return terminal_.write("\r                    \r");
    return terminal_.write("\x1b[?2004h");
}

void LineEditor::take_position(const Key& key) {
    if (!std::exchange(awaiting_, false) || key.row == 0 || key.column == 0) return;
    const WindowSize size{key.row, key.column};
    terminal_.learn_size(size);
    const bool first = display_.kind() == TerminalKind::kPlain;
    const bool same = size.rows == display_.size().rows && size.columns == display_.size().columns;
    if (!first && same) return;
    display_.set_size(size);
    display_.set_kind(TerminalKind::kCursor);
    if (first) (void)terminal_.write("\x1b[?2004h");  // ignored: the next write will tell
    (void)refresh();                                  // ignored: as above
}

Result<void> LineEditor::refresh() {
    return display_.show(prompt_, buffer_.text(), buffer_.cursor());
}

void LineEditor::bell() {
    (void)terminal_.write("\a");  // ignored: only a sound
}

// Keys.

Result<LineEditor::Outcome> LineEditor::take_key(const Key& key) {
    const bool listed = std::exchange(listed_, false);
    switch (key.kind) {
        case Key::Kind::kPosition:
            take_position(key);
            return Outcome::kGoOn;
        case Key::Kind::kControl:
            if (key.code == 'I') listed_ = listed;
            return take_control(key.code);
        case Key::Kind::kMeta:
            TRY(meta_key(key.code));
            break;
        case Key::Kind::kPasteBegin:
            TRY(paste());
            break;
        default:
            TRY(edit_key(key));
            break;
    }
    TRY(refresh());
    return Outcome::kGoOn;
}

Result<LineEditor::Outcome> LineEditor::take_control(char code) {
    switch (code) {
        case 'M':
        case 'J':
            return Outcome::kEntered;
        case 'C':
            return Outcome::kInterrupted;
        case 'D':
            if (buffer_.empty()) return Outcome::kEnded;
            buffer_.erase_right();
            break;
        case 'A':
            buffer_.home();
            break;
        case 'E':
            buffer_.end();
            break;
        case 'B':
            buffer_.left();
            break;
        case 'F':
            buffer_.right();
            break;
        case 'P':
            TRY(go_to(at_ == 0 ? 0 : at_ - 1));
            break;
        case 'N':
            TRY(go_to(at_ + 1));
            break;
        case 'K':
            TRY(buffer_.kill_to_end());
            break;
        case 'U':
            TRY(buffer_.kill_to_start());
            break;
        case 'W':
            TRY(buffer_.kill_argument_left());
            break;
        case 'Y':
            TRY(buffer_.yank());
            break;
        case 'T':
            TRY(buffer_.transpose());
            break;
        case 'L':
            TRY(display_.clear());
            break;
        case 'I':
            TRY(complete());
            break;
        case 'R': {
            bool entered = false;
            bool interrupted = false;
            TRY(search(entered, interrupted));
            if (interrupted) return Outcome::kInterrupted;
            if (entered) return Outcome::kEntered;
            break;
        }
        default:
            bell();
            break;
    }
    TRY(refresh());
    return Outcome::kGoOn;
}

Result<void> LineEditor::edit_key(const Key& key) {
    switch (key.kind) {
        case Key::Kind::kText:
            return buffer_.insert(key.text());
        case Key::Kind::kBackspace:
            buffer_.erase_left();
            return {};
        case Key::Kind::kDelete:
            buffer_.erase_right();
            return {};
        case Key::Kind::kUp:
            return go_to(at_ == 0 ? 0 : at_ - 1);
        case Key::Kind::kDown:
            return go_to(at_ + 1);
        case Key::Kind::kLeft:
            buffer_.left();
            return {};
        case Key::Kind::kRight:
            buffer_.right();
            return {};
        case Key::Kind::kHome:
            buffer_.home();
            return {};
        case Key::Kind::kEnd:
            buffer_.end();
            return {};
        case Key::Kind::kWordLeft:
            buffer_.word_left();
            return {};
        case Key::Kind::kWordRight:
            buffer_.word_right();
            return {};
        default:
            return {};
    }
}

Result<void> LineEditor::meta_key(char code) {
    constexpr char kBackspace = 0x7f;
    switch (code) {
        case 'b':
            buffer_.word_left();
            return {};
        case 'f':
            buffer_.word_right();
            return {};
        case 'd':
            return buffer_.kill_word_right();
        case kBackspace:
            return buffer_.kill_word_left();
        default:
            bell();
            return {};
    }
}

/// What is pasted is text, whatever it looks like; newlines in it do not enter the line.
Result<void> LineEditor::paste() {
    TextBuffer text(memory_);
    for (;;) {  // ends with the paste, or with the input
        const Key key = TRY(next_key());
        if (key.kind == Key::Kind::kPasteEnd) break;
        if (is_printable(key)) {
            text.write(key.text());
        } else if (key.is_control('M') || key.is_control('J')) {
            text.put('\n');
        } else if (key.is_control('I')) {
            text.put('\t');
        }
    }
    // The newline behind the last line is the person's to type.
    std::string_view pasted = TRY(text.text());
    while (pasted.ends_with('\n')) pasted.remove_suffix(1);
    return buffer_.insert(pasted);
}

// History.

/// Shows a line of the history, or (its size) what was typed before.
Result<void> LineEditor::go_to(usize index) {
    if (index > history_.size() || index == at_) {
        bell();
        return {};
    }
    if (at_ == history_.size()) {
        draft_.clear();
        draft_.write(buffer_.text());
        (void)TRY(draft_.text());  // ignored: kept for later
    }
    TRY(buffer_.set(index == history_.size() ? draft_.view() : history_.line(index)));
    at_ = index;
    return {};
}

Result<void> LineEditor::show_search(std::string_view text, bool found) {
    TextBuffer prompt(memory_);
    format_to(prompt, "{}search `{}': ", found ? "" : "failing ", text);
    return display_.show(TRY(prompt.text()), buffer_.text(), buffer_.cursor());
}

/// Ctrl-R: each key narrows the search, Ctrl-R again goes further back. Enter takes the line as it
/// is, Ctrl-G gives up, every other key edits it.
Result<void> LineEditor::search(bool& entered, bool& interrupted) {
    TextBuffer wanted(memory_);
    const usize begun_at = at_;
    usize from = history_.size();
    bool found = true;
    if (at_ == history_.size()) {
        draft_.clear();
        draft_.write(buffer_.text());
        (void)TRY(draft_.text());  // ignored: kept for later
    }
    for (;;) {  // ends with a key that is not about searching
        TRY(show_search(wanted.view(), found));
        const Key key = TRY(next_key());
        if (is_printable(key)) {
            wanted.write(key.text());
            from = found ? std::min(at_ + 1, history_.size()) : history_.size();
        } else if (key.kind == Key::Kind::kBackspace) {
            wanted.cut(cut_at_rune(wanted.view(), wanted.size() - (wanted.size() > 0)).size());
            from = history_.size();
        } else if (key.is_control('R')) {
            from = at_;
        } else if (key.kind == Key::Kind::kPosition) {
            take_position(key);
            continue;
        } else if (key.is_control('G')) {
            TRY(buffer_.set(begun_at == history_.size() ? draft_.view() : history_.line(begun_at)));
            at_ = begun_at;
            return {};
        } else {
            entered = key.is_control('M') || key.is_control('J');
            interrupted = key.is_control('C');
            if (!entered && !interrupted) TRY(edit_key(key));
            return {};
        }
        const std::string_view text = TRY(wanted.text());
        if (text.empty()) continue;
        const usize index = history_.find_before(from, text);
        found = index < history_.size();
        if (!found) continue;
        TRY(buffer_.set(history_.line(index)));
        buffer_.move_to(buffer_.text().find(text));
        at_ = index;
    }
}

// Completion.

Result<void> LineEditor::complete() {
    if (completer_ == nullptr) {
        bell();
        return {};
    }
    Candidates candidates(memory_);
    TRY(completer_->complete(buffer_.text(), buffer_.cursor(), candidates));
    candidates.sort();
    if (candidates.names().empty()) {
        bell();
        return {};
    }
    const usize size = buffer_.text().size();
    TRY(put_completion(candidates));
    if (candidates.names().size() == 1 || buffer_.text().size() > size) return {};
    // Nothing more is certain: the second time the choice is shown.
    if (std::exchange(listed_, true)) return list(candidates);
    bell();
    return {};
}

/// Replaces the word by what all candidates have in common, quoted if need be.
Result<void> LineEditor::put_completion(const Candidates& candidates) {
    TextBuffer plain(memory_);
    plain.write(candidates.fixed());
    plain.write(candidates.common());
    const std::string_view text = TRY(plain.text());
    const bool only = candidates.names().size() == 1;
    TextBuffer word(memory_);
    word.write(candidates.prefix());
    put_quoted(word, text);
    if (text.empty()) word.clear();
    if (only && text.ends_with('/')) {
        // May be gone on with: not closed.
    } else if (only) {
        word.put(' ');
    }
    std::string_view result = TRY(word.text());
    // An open end keeps its quote open, too.
    if ((!only || text.ends_with('/')) && result.ends_with('\'') && result.size() > 1) {
        result.remove_suffix(1);
    }
    return buffer_.replace(candidates.start(), buffer_.cursor(), result);
}

Result<void> LineEditor::list(Candidates& candidates) {
    const usize cursor = buffer_.cursor();
    buffer_.end();
    TRY(refresh());
    TRY(display_.finish());
    TextBuffer text(memory_);
    const WindowSize size = display_.size();
    put_columns(text, candidates.names(), size.columns, size.rows > 3 ? size.rows - 3 : 1);
    TRY(terminal_.write(TRY(text.text())));
    buffer_.move_to(cursor);
    return {};
}

}  // namespace kernel::shell::rc
