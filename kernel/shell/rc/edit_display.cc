// Display: laying out runes in rows.
#include "shell/rc/edit_display.h"

#include "shell/rc/rune.h"

namespace kernel::shell::rc {
namespace {

constexpr char kEscape = '\x1b';
constexpr u32 kTabColumns = 8;

bool is_control(std::string_view text) {
    const u8 c = static_cast<u8>(text[0]);
    return c < ' ' || c == 0x7f;
}

/// The length of the escape sequence at the start of `text`: 0 if there is none.
usize escape_length(std::string_view text) {
    if (!text.starts_with(kEscape) || text.size() < 2) return 0;
    if (text[1] != '[') return 2;
    usize end = 2;
    while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
    return std::min(end + 1, text.size());
}

/// A rune as it is shown: itself, `^X`, or `?` for a byte that is not text.
struct Glyph {
    std::array<char, 4> bytes{};
    usize size = 0;   // of bytes
    usize taken = 0;  // of the text
    u32 width = 0;

    std::string_view text() const { return {bytes.data(), size}; }
};

Glyph next_glyph(std::string_view text) {
    Glyph glyph;
    if (is_control(text)) {
        glyph.bytes = {'^', static_cast<char>(text[0] ^ 0x40)};
        glyph.size = 2;
        glyph.taken = 1;
        glyph.width = 2;
        return glyph;
    }
    const DecodedRune at = decode_rune(text);
    glyph.taken = at.size;
    glyph.width = static_cast<u32>(rune_width(at.rune));
    glyph.size = at.size;
    std::copy_n(text.data(), at.size, glyph.bytes.data());
    // Stray bytes, and the control characters above ASCII, would confuse the terminal.
    if (at.rune >= kStrayByte || (at.rune >= 0x80 && at.rune < 0xa0)) {
        glyph.bytes[0] = '?';
        glyph.size = 1;
        glyph.width = 1;
    }
    return glyph;
}

u32 glyphs_width(std::string_view text) {
    u32 width = 0;
    while (!text.empty()) {
        const Glyph glyph = next_glyph(text);
        width += glyph.width;
        text.remove_prefix(glyph.taken);
    }
    return width;
}

}  // namespace

Result<void> Display::send() {
    const std::string_view text = TRY(output_.text());
    if (!text.empty()) TRY(terminal_.write(text));
    return {};
}

void Display::forget() {
    shown_valid_ = false;
    cursor_ = {};
    end_ = {};
    shown_columns_ = 0;
    scroll_ = 0;
}

Result<void> Display::clear() {
    output_.clear();
    output_.write(kind_ == TerminalKind::kCursor ? "\x1b[H\x1b[2J" : "\r\n");
    forget();
    return send();
}

Result<void> Display::finish() {
    output_.clear();
    if (kind_ == TerminalKind::kCursor) move(cursor_, end_);
    // Behind a full row the cursor is on an empty one already.
    if (end_.row == 0 || end_.column > 0) output_.write("\r\n");
    forget();
    return send();
}

Result<void> Display::show(std::string_view prompt, std::string_view text, usize cursor) {
    // Typing at the end is the common case: nothing but what is new has to be sent.
    if (append(text, cursor)) {
        TRY(send());
    } else if (kind_ == TerminalKind::kPlain) {
        TRY(show_scrolled(prompt, text, cursor));
    } else {
        TRY(show_wrapped(prompt, text, cursor));
    }
    shown_.clear();
    shown_.write(text);
    shown_valid_ = !shown_.failed();
    return {};
}

/// Puts what `text` has more than what is shown into the output; false if that is not all there is
/// to do.
bool Display::append(std::string_view text, usize cursor) {
    const std::string_view shown = shown_.view();
    const bool at_end =
        cursor == text.size() && cursor_.row == end_.row && cursor_.column == end_.column;
    if (!shown_valid_ || !at_end || text.size() <= shown.size() || !text.starts_with(shown)) {
        return false;
    }
    const std::string_view more = text.substr(shown.size());
    // A mark that combines belongs into the cell before; a row's border is for the others to cross.
    const u32 width = glyphs_width(more);
    const bool mark = rune_width(decode_rune(more).rune) == 0;
    if (mark || more.find('\n') != std::string_view::npos ||
        end_.column + width + 1 >= size_.columns) {
        return false;
    }
    output_.clear();
    put_text(more, false, end_);
    cursor_ = end_;
    shown_columns_ = std::max(shown_columns_, end_.column);
    return true;
}

// Wrapped.

void Display::move(Place from, Place to) {
    if (to.row < from.row) format_to(output_, "\x1b[{}A", from.row - to.row);
    if (to.row > from.row) format_to(output_, "\x1b[{}B", to.row - from.row);
    if (to.column == from.column) return;
    output_.put('\r');
    if (to.column > 0) format_to(output_, "\x1b[{}C", to.column);
}

void Display::put_rune(std::string_view bytes, u32 width, Place& place) {
    if (place.column + width > size_.columns) {
        if (writes_) output_.write("\r\n");
        ++place.row;
        place.column = 0;
    }
    if (writes_) output_.write(bytes);
    place.column += width;
}

void Display::put_text(std::string_view text, bool is_prompt, Place& place) {
    while (!text.empty()) {
        usize taken = is_prompt ? escape_length(text) : 0;
        if (taken > 0) {
            if (writes_) output_.write(text.substr(0, taken));
        } else if (text[0] == '\n') {
            if (writes_) output_.write("\r\n");
            place = {place.row + 1, 0};
            taken = 1;
        } else if (is_prompt && text[0] == '\t') {
            do put_rune(" ", 1, place);
            while (place.column % kTabColumns != 0);
            taken = 1;
        } else {
            const Glyph glyph = next_glyph(text);
            put_rune(glyph.text(), glyph.width, place);
            taken = glyph.taken;
        }
        text.remove_prefix(taken);
    }
}

Result<void> Display::show_wrapped(std::string_view prompt, std::string_view text, usize cursor) {
    const auto settle = [this](Place& place) {
        // Behind a full row the cursor stands at the start of the next one.
        if (place.column < size_.columns) return false;
        place = {place.row + 1, 0};
        return true;
    };
    // How much room does it need? More rows than the screen has cannot be gone back over.
    writes_ = false;
    Place last;
    put_text(prompt, true, last);
    Place target;
    put_text(text.substr(0, cursor), false, last);
    target = last;
    const std::string_view behind = text.substr(cursor);
    // The cursor is where the character under it is, if that one had to go to the next row.
    const bool wraps = !behind.empty() && behind[0] != '\n' &&
                       target.column + next_glyph(behind).width > size_.columns;
    if (wraps) target = {target.row + 1, 0};
    put_text(behind, false, last);
    (void)settle(target);  // ignored: only the place counts
    (void)settle(last);    // ignored: as above
    if (last.row + 1 >= size_.rows) return show_scrolled(prompt, text, cursor);
    writes_ = true;
    output_.clear();
    move(cursor_, {0, cursor_.column});
    output_.write("\r\x1b[J");
    Place place;
    put_text(prompt, true, place);
    put_text(text, false, place);
    if (settle(place)) output_.write("\r\n");
    end_ = place;
    move(end_, target);
    cursor_ = target;
    return send();
}

// One row.

Result<void> Display::show_scrolled(std::string_view prompt, std::string_view text, usize cursor) {
    output_.clear();
    if (cursor_.row > 0) {
        // The line outgrew the screen while it was wrapped: start afresh below.
        output_.write("\r\n");
        cursor_ = {};
    }
    // The last column stays empty: some terminals would wrap, others not.
    const u32 room = size_.columns > 2 ? size_.columns - 1 : 1;
    // A prompt longer than half of the row is not worth its room; escape sequences are left out.
    writes_ = false;
    Place prompt_end;
    put_text(prompt, true, prompt_end);
    writes_ = true;
    const bool fits = prompt_end.row == 0 && prompt_end.column <= room / 2;
    const u32 left = fits ? prompt_end.column : 0;
    // Scroll so that the cursor is within the row, a quarter of it from the border it came over.
    if (cursor < scroll_) scroll_ = cursor;
    if (scroll_ > text.size()) scroll_ = 0;
    while (left + glyphs_width(text.substr(scroll_, cursor - scroll_)) >= room) {
        const u32 step = std::max<u32>(room / 4, 1);
        for (u32 gone = 0; gone < step && scroll_ < cursor;) {
            const Glyph glyph = next_glyph(text.substr(scroll_));
            scroll_ += glyph.taken;
            gone += std::max<u32>(glyph.width, 1);
        }
        if (scroll_ == cursor) break;
    }
    while (scroll_ > 0 && left + glyphs_width(text.substr(scroll_)) + room / 4 < room) {
        scroll_ = rune_before(text, scroll_);
    }
    output_.put('\r');
    Place place;
    if (fits) put_text(prompt, true, place);
    std::string_view rest = text.substr(scroll_);
    usize at = scroll_;
    u32 target = left;
    while (!rest.empty()) {
        const Glyph glyph = next_glyph(rest);
        if (place.column + glyph.width > room) break;
        output_.write(glyph.text());
        place.column += glyph.width;
        at += glyph.taken;
        if (at <= cursor) target = place.column;
        rest.remove_prefix(glyph.taken);
    }
    const u32 used = place.column;
    for (; place.column < shown_columns_; ++place.column) output_.put(' ');
    shown_columns_ = used;
    // Back to the cursor by writing what is before it once more.
    if (place.column != target) {
        output_.put('\r');
        Place again;
        if (fits) put_text(prompt, true, again);
        for (rest = text.substr(scroll_); again.column < target;) {
            const Glyph glyph = next_glyph(rest);
            output_.write(glyph.text());
            again.column += glyph.width;
            rest.remove_prefix(glyph.taken);
        }
    }
    end_ = cursor_ = {0, target};
    return send();
}

}  // namespace kernel::shell::rc
