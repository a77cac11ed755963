// Screen: the few sequences that editors need, on rows of cells.
#include "screen.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "shell/rc/rune.h"

namespace kernel::shell::rc::test {

Screen::Screen(WindowSize size, ScreenKind kind) : size_(size), kind_(kind) {
    rows_.resize(size.rows, Row(size.columns));
}

void Screen::type(std::string_view keys) { keys_.insert(keys_.end(), keys.begin(), keys.end()); }

Result<usize> Screen::read(std::span<char> into) {
    if (keys_.empty() && when_idle) when_idle();
    if (keys_.empty() && interrupts_when_idle) return Error::kInterrupted;
    usize count = 0;
    while (count < into.size() && !keys_.empty()) {
        into[count++] = keys_.front();
        keys_.pop_front();
    }
    return count;
}

Result<void> Screen::set_mode(TerminalMode mode) {
    mode_ = mode;
    return {};
}

Result<void> Screen::write(std::string_view text) {
    if (writes_++ >= fail_write_from) return Error::kIo;
    written_ += text;
    for (char c : text) {
        const u8 byte = static_cast<u8>(c);
        if (kind_ == ScreenKind::kXterm && !pending_.empty() && pending_[0] == '\x1b') {
            pending_ += c;
            if (pending_.size() == 2 && c == '[') continue;
            if (pending_.size() > 2 && (c < '@' || c > '~')) continue;
            const std::string whole = std::exchange(pending_, {});
            if (whole.size() > 2) {
                sequence(std::string_view(whole).substr(2, whole.size() - 3), c);
            } else if (c == '7') {
                saved_row_ = row_;
                saved_column_ = column_;
            } else if (c == '8') {
                row_ = saved_row_;
                column_ = saved_column_;
                wraps_next_ = false;
            } else {
                std::abort();  // nothing that a terminal is sure to know
            }
        } else if (kind_ == ScreenKind::kXterm && c == '\x1b') {
            pending_ = c;
        } else if (byte < ' ' &&
                   (kind_ == ScreenKind::kXterm || c == '\r' || c == '\n' || c == '\a')) {
            control(c);
        } else {
            pending_ += c;
            const DecodedRune rune = decode_rune(pending_);
            const u8 lead = static_cast<u8>(pending_[0]);
            const usize wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
            if (rune.size == 1 && rune.rune >= kStrayByte && pending_.size() < wanted) continue;
            put(std::exchange(pending_, {}));
        }
    }
    return {};
}

void Screen::newline() {
    if (row_ + 1 < size_.rows) {
        ++row_;
    } else {
        ++top_;
        rows_.emplace_back(size_.columns);
    }
}

void Screen::control(char c) {
    wraps_next_ = false;
    switch (c) {
        case '\r':
            column_ = 0;
            break;
        case '\n':
            newline();
            break;
        case '\a':
            ++bells_;
            break;
        default:
            std::abort();  // nobody should send that
    }
}

void Screen::put(std::string_view rune) {
    const u32 width = static_cast<u32>(rune_width(decode_rune(rune).rune));
    if (width == 0) {
        u32 at = wraps_next_ ? column_ : column_ - std::min<u32>(column_, 1);
        while (at > 0 && row()[at].text.empty()) --at;
        row()[at].text += rune;
        return;
    }
    if (width > size_.columns) return put("?");  // there is no room for it anywhere
    if (wraps_next_ || column_ + width > size_.columns) {
        column_ = 0;
        newline();
        wraps_next_ = false;
    }
    row()[column_].text = rune;
    for (u32 i = 1; i < width; ++i) row()[column_ + i].text.clear();
    column_ += width;
    if (column_ == size_.columns) {
        --column_;
        wraps_next_ = true;
    }
}

void Screen::sequence(std::string_view parameters, char last) {
    const std::string text(parameters);
    unsigned first = 0;
    unsigned second = 0;
    const int numbers = std::sscanf(text.c_str(), "%u;%u", &first, &second);
    const u32 count = numbers > 0 ? first : 1;
    const bool wrapped = std::exchange(wraps_next_, false);
    switch (last) {
        case 'A':
            row_ -= std::min(row_, count);
            return;
        case 'B':
            row_ = std::min(row_ + count, size_.rows - 1);
            return;
        case 'C':
            column_ = std::min(column_ + count, size_.columns - 1);
            return;
        case 'H':
            row_ = numbers > 0 ? std::min(first, size_.rows) - 1 : 0;
            column_ = numbers > 1 ? std::min(second, size_.columns) - 1 : 0;
            return;
        case 'J':
            for (u32 at = row_; at < size_.rows; ++at) {
                if (numbers <= 0 && at == row_) {
                    std::fill(row().begin() + column_, row().end(), Cell{});
                } else {
                    rows_[top_ + at] = Row(size_.columns);
                }
            }
            if (numbers > 0) {
                for (u32 at = 0; at < row_; ++at) rows_[top_ + at] = Row(size_.columns);
            }
            return;
        case 'n': {
            wraps_next_ = wrapped;
            const std::string answer =
                "\x1b[" + std::to_string(row_ + 1) + ";" + std::to_string(column_ + 1) + "R";
            // Before what is typed ahead: then a test knows what the editor knows.
            keys_.insert(keys_.begin(), answer.begin(), answer.end());
            return;
        }
        case 'm':
            wraps_next_ = wrapped;  // colours take no room
            return;
        case 'h':
        case 'l':
            if (text != "?2004") std::abort();
            pastes_bracketed_ = last == 'h';
            return;
        default:
            std::abort();  // nothing that a terminal is sure to know
    }
}

std::string Screen::text_of(bool with_cursor) const {
    std::string all;
    std::size_t used = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        std::string line;
        std::size_t line_used = 0;
        for (u32 c = 0; c < size_.columns; ++c) {
            const bool here = with_cursor && r == top_ + row_ && c == column_;
            // A cursor that waits to wrap is behind the last column.
            if (here && !wraps_next_) line += '|';
            line += rows_[r][c].text;
            if (here && wraps_next_) line += '|';
            if (here || (rows_[r][c].text != " " && !rows_[r][c].text.empty())) {
                line_used = line.size();
                // The blank under the cursor is none of the text.
                if (here && !wraps_next_ && rows_[r][c].text == " ") --line_used;
            }
        }
        line.resize(line_used);
        all += line;
        if (!line.empty()) used = all.size();
        all += '\n';
    }
    all.resize(used);
    return all;
}

std::string Screen::text() const { return text_of(false); }
std::string Screen::text_with_cursor() const { return text_of(true); }

}  // namespace kernel::shell::rc::test
