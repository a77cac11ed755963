// KeyDecoder: the bytes a terminal sends, as keys.
#pragma once

#include "base/std.h"

namespace kernel::shell::rc {

struct Key {
    enum class Kind : u8 {
        kNone,     // the bytes so far are not a key yet
        kText,     // text() to be inserted: one rune
        kControl,  // Ctrl and code, a capital letter or one of @[\]^_; Backspace is kBackspace
        kMeta,     // Alt or Escape and code, a byte
        kBackspace,
        kDelete,
        kUp,
        kDown,
        kLeft,
        kRight,
        kHome,
        kEnd,
        kWordLeft,
        kWordRight,
        kPasteBegin,
        kPasteEnd,
        kPosition,  // the answer to a question: the cursor is at row, column
        kUnknown,
    };

    Kind kind = Kind::kNone;
    char code = 0;
    u8 size = 0;
    std::array<char, 4> bytes{};
    u32 row = 0;
    u32 column = 0;

    std::string_view text() const { return {bytes.data(), size}; }
    bool is_control(char letter) const { return kind == Kind::kControl && code == letter; }
    bool is_meta(char letter) const { return kind == Kind::kMeta && code == letter; }
};

/// Understands UTF-8, control characters, and the sequences of VT100, xterm and their kin. Needs no
/// clock: an Escape goes with the key behind it.
class KeyDecoder {
public:
    /// Takes one byte; gives the key that it completes, or kNone.
    Key take(char byte);

private:
    enum class State : u8 { kGround, kText, kEscape, kSequence, kShift3 };

    Key ground(u8 byte);
    Key more_text(u8 byte);
    Key escape(u8 byte);
    Key sequence(u8 byte);
    Key finish_sequence(char last);

    State state_ = State::kGround;
    Key pending_;
    usize wanted_ = 0;  // bytes of the rune
    std::array<u32, 4> parameters_{};
    usize parameter_count_ = 0;
};

}  // namespace kernel::shell::rc
