// EditBuffer: moving, inserting, killing.
#include "shell/rc/edit_buffer.h"

#include "shell/rc/rune.h"

namespace kernel::shell::rc {
namespace {

/// Part of a word, for moving by words: letters, digits, and everything beyond ASCII.
bool is_word_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<u8>(c) >= 0x80;
}

bool combines(std::string_view text) { return rune_width(decode_rune(text).rune) == 0; }

}  // namespace

usize EditBuffer::before(usize position) const {
    while (position > 0) {
        position = rune_before(text(), position);
        if (!combines(text().substr(position))) break;
    }
    return position;
}

usize EditBuffer::after(usize position) const {
    if (position < text_.size()) position = rune_after(text(), position);
    while (position < text_.size() && combines(text().substr(position))) {
        position = rune_after(text(), position);
    }
    return position;
}

usize EditBuffer::word_before() const {
    usize at = cursor_;
    while (at > 0 && !is_word_byte(text_[at - 1])) --at;
    while (at > 0 && is_word_byte(text_[at - 1])) --at;
    return at;
}

usize EditBuffer::word_after() const {
    usize at = cursor_;
    while (at < text_.size() && !is_word_byte(text_[at])) ++at;
    while (at < text_.size() && is_word_byte(text_[at])) ++at;
    return at;
}

Result<void> EditBuffer::insert(std::string_view text) { return replace(cursor_, cursor_, text); }

Result<void> EditBuffer::replace(usize from, usize to, std::string_view text) {
    TRY(text_.reserve(text_.size() + text.size()));
    const usize old_size = text_.size();
    TRY(text_.append({text.data(), text.size()}));
    // [from, to) old | rest | new  becomes  new | rest.
    std::rotate(text_.begin() + to, text_.begin() + old_size, text_.end());
    text_.erase(from, to);
    cursor_ = from + text.size();
    return {};
}

Result<void> EditBuffer::set(std::string_view text) { return replace(0, text_.size(), text); }

void EditBuffer::erase(usize from, usize to) {
    text_.erase(from, to);
    cursor_ = from;
}

Result<void> EditBuffer::kill(usize from, usize to) {
    if (from == to) return {};
    TRY(killed_.reserve(to - from));
    killed_.truncate(0);
    TRY(killed_.append({text_.begin() + from, to - from}));
    erase(from, to);
    return {};
}

Result<void> EditBuffer::kill_argument_left() {
    usize at = cursor_;
    while (at > 0 && text_[at - 1] == ' ') --at;
    while (at > 0 && text_[at - 1] != ' ') --at;
    return kill(at, cursor_);
}

Result<void> EditBuffer::yank() { return insert({killed_.begin(), killed_.size()}); }

Result<void> EditBuffer::transpose() {
    // At the end the two characters before the cursor change places.
    const usize middle = at_end() ? before(cursor_) : cursor_;
    const usize start = before(middle);
    const usize end = after(middle);
    if (start == middle || middle == end) return {};
    std::rotate(text_.begin() + start, text_.begin() + middle, text_.begin() + end);
    cursor_ = end;
    return {};
}

}  // namespace kernel::shell::rc
