// The line discipline's editing rules.
#include "dev/console/line_discipline.h"

#include "base/assert.h"
#include "base/text.h"

namespace kernel::dev {
namespace {

constexpr u8 control(char letter) { return static_cast<u8>(letter - '@'); }

constexpr u8 kInterruptKey = control('C');
constexpr u8 kEndOfFileKey = control('D');
constexpr u8 kBackspace = control('H');
constexpr u8 kEraseLineKey = control('U');
constexpr u8 kEraseWordKey = control('W');
constexpr u8 kDelete = 0x7f;
constexpr std::string_view kBell = "\a";

bool is_blank(char c) { return c == ' ' || c == '\t'; }
/// Control characters other than those that lay text out show as two columns: `^X`.
bool shows_as_caret(u8 byte) { return byte < ' ' && byte != '\t' && byte != '\n'; }

void echo_byte(u8 byte, Sink& echo) {
    const std::array<char, 2> caret{'^', static_cast<char>(byte + '@')};
    const char self = static_cast<char>(byte);
    echo.write(shows_as_caret(byte) ? std::string_view{caret.data(), caret.size()}
                                    : std::string_view{&self, 1});
}

}  // namespace

LineDiscipline::Effect LineDiscipline::put(u8 byte, Sink& echo) {
    if (byte == kInterruptKey && !(raw_ && passes_interrupts_)) {
        if (!raw_) echo.write("^C\n");
        line_size_ = 0;
        stored_ = 0;
        return {.interrupt = true};
    }
    if (!raw_) return put_cooked(byte, echo);
    if (room() == 0) {
        echo.write(kBell);
        return {};
    }
    store(byte);
    return {.readable = true};
}

LineDiscipline::Effect LineDiscipline::put_cooked(u8 byte, Sink& echo) {
    switch (byte) {
        case '\r':  // what the Enter key of a serial terminal sends
        case '\n':
            return commit('\n', echo);
        case kEndOfFileKey:
            return commit(kEndOfFile, echo);
        case kBackspace:
        case kDelete:
            erase_rune(echo);
            return {};
        case kEraseWordKey:
            erase_word(echo);
            return {};
        case kEraseLineKey:
            erase_line(echo);
            return {};
        default:
            add_to_line(byte, echo);
            return {};
    }
}

void LineDiscipline::add_to_line(u8 byte, Sink& echo) {
    // What ends the line needs a place too, here and among what waits for a reader.
    if (line_size_ + 1 == kLineMax || line_size_ + 1 >= room()) {
        echo.write(kBell);
        return;
    }
    line_[line_size_++] = static_cast<char>(byte);
    echo_byte(byte, echo);
}

LineDiscipline::Effect LineDiscipline::commit(Cell last, Sink& echo) {
    if (room() < line_size_ + 1) {
        echo.write(kBell);
        return {};
    }
    for (usize i = 0; i < line_size_; ++i) store(static_cast<u8>(line_[i]));
    store(last);
    line_size_ = 0;
    if (last == '\n') echo.write("\n");
    return {.readable = true};
}

void LineDiscipline::erase_rune(Sink& echo) {
    if (line_size_ == 0) return;
    line_size_ = cut_at_rune({line_.data(), line_size_}, line_size_ - 1).size();
    const bool two_columns = shows_as_caret(static_cast<u8>(line_[line_size_]));
    echo.write(two_columns ? "\b \b\b \b" : "\b \b");
}

void LineDiscipline::erase_word(Sink& echo) {
    while (line_size_ > 0 && is_blank(line_[line_size_ - 1])) erase_rune(echo);
    while (line_size_ > 0 && !is_blank(line_[line_size_ - 1])) erase_rune(echo);
}

void LineDiscipline::erase_line(Sink& echo) {
    while (line_size_ > 0) erase_rune(echo);
}

usize LineDiscipline::take(Bytes out) {
    DEBUG_ASSERT(readable() && !out.empty());
    usize taken = 0;
    while (taken < out.size() && stored_ != 0) {
        const Cell cell = pop();
        if (cell == kEndOfFile && !raw_) return taken;
        out[taken++] = static_cast<std::byte>(cell == kEndOfFile ? kEndOfFileKey : cell);
        if (cell == '\n' && !raw_) return taken;
    }
    // The end of file that ended this very line is not another one.
    if (!raw_ && stored_ != 0 && front() == kEndOfFile) pop();
    return taken;
}

LineDiscipline::Effect LineDiscipline::set_raw(bool raw, Sink& echo) {
    if (raw == raw_) return {};
    raw_ = raw;
    if (raw) {
        for (usize i = 0; i < line_size_; ++i) store(static_cast<u8>(line_[i]));
        line_size_ = 0;
        return {.readable = readable()};
    }
    // Each cell is typed again; what becomes readable is stored behind those still to come.
    Effect effect;
    for (usize remaining = stored_; remaining > 0; --remaining) {
        const Cell cell = pop();
        const u8 byte = cell == kEndOfFile ? kEndOfFileKey : static_cast<u8>(cell);
        if (put_cooked(byte, echo).readable) effect.readable = true;
    }
    return effect;
}

void LineDiscipline::store(Cell cell) {
    DEBUG_ASSERT(room() > 0);
    ready_[(first_ + stored_) % kTypeAheadMax] = cell;
    ++stored_;
}

LineDiscipline::Cell LineDiscipline::pop() {
    const Cell cell = front();
    first_ = (first_ + 1) % kTypeAheadMax;
    --stored_;
    return cell;
}

}  // namespace kernel::dev
