// KeyDecoder: a small state machine over bytes.
#include "shell/rc/edit_keys.h"

namespace kernel::shell::rc {
namespace {

constexpr u8 kEscapeByte = 0x1b;
constexpr u8 kDeleteByte = 0x7f;

Key plain(Key::Kind kind, char code = 0) {
    Key key;
    key.kind = kind;
    key.code = code;
    return key;
}

/// The key of `CSI letter` and `SS3 letter`.
Key::Kind letter_key(char letter) {
    switch (letter) {
        case 'A':
            return Key::Kind::kUp;
        case 'B':
            return Key::Kind::kDown;
        case 'C':
            return Key::Kind::kRight;
        case 'D':
            return Key::Kind::kLeft;
        case 'H':
            return Key::Kind::kHome;
        case 'F':
            return Key::Kind::kEnd;
        default:
            return Key::Kind::kUnknown;
    }
}

/// The key of `CSI number ~`.
Key::Kind number_key(u32 number) {
    switch (number) {
        case 1:
        case 7:
            return Key::Kind::kHome;
        case 4:
        case 8:
            return Key::Kind::kEnd;
        case 3:
            return Key::Kind::kDelete;
        case 200:
            return Key::Kind::kPasteBegin;
        case 201:
            return Key::Kind::kPasteEnd;
        default:
            return Key::Kind::kUnknown;
    }
}

}  // namespace

Key KeyDecoder::take(char byte) {
    const u8 c = static_cast<u8>(byte);
    switch (state_) {
        case State::kGround:
            return ground(c);
        case State::kText:
            return more_text(c);
        case State::kEscape:
            return escape(c);
        case State::kSequence:
            return sequence(c);
        case State::kShift3:
            state_ = State::kGround;
            return plain(letter_key(byte));
    }
    return {};
}

Key KeyDecoder::ground(u8 byte) {
    if (byte == kEscapeByte) {
        state_ = State::kEscape;
        return {};
    }
    if (byte == kDeleteByte || byte == '\b') return plain(Key::Kind::kBackspace);
    if (byte < ' ') return plain(Key::Kind::kControl, static_cast<char>(byte + '@'));
    pending_ = plain(Key::Kind::kText);
    pending_.bytes[0] = static_cast<char>(byte);
    pending_.size = 1;
    wanted_ = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (wanted_ == 1) return pending_;
    state_ = State::kText;
    return {};
}

Key KeyDecoder::more_text(u8 byte) {
    if ((byte & 0xc0) != 0x80) {
        // Not UTF-8 after all: what there was is dropped.
        state_ = State::kGround;
        return ground(byte);
    }
    pending_.bytes[pending_.size++] = static_cast<char>(byte);
    if (pending_.size < wanted_) return {};
    state_ = State::kGround;
    return pending_;
}

Key KeyDecoder::escape(u8 byte) {
    state_ = State::kGround;
    if (byte == '[') {
        state_ = State::kSequence;
        parameters_ = {};
        parameter_count_ = 0;
        return {};
    }
    if (byte == 'O') {
        state_ = State::kShift3;
        return {};
    }
    if (byte == kEscapeByte) {
        state_ = State::kEscape;
        return {};
    }
    if (byte == '\b') byte = kDeleteByte;
    return plain(Key::Kind::kMeta, static_cast<char>(byte));
}

Key KeyDecoder::sequence(u8 byte) {
    const usize index = std::min(parameter_count_, parameters_.size() - 1);
    if (byte >= '0' && byte <= '9') {
        constexpr u32 kMax = 100'000;
        parameters_[index] = std::min(parameters_[index] * 10 + (byte - '0'), kMax);
        return {};
    }
    if (byte == ';') {
        ++parameter_count_;
        return {};
    }
    // Other parameter and intermediate bytes are passed over.
    if (byte >= ' ' && byte < '@') return {};
    state_ = State::kGround;
    if (byte < ' ' || byte >= kDeleteByte) return ground(byte);
    return finish_sequence(static_cast<char>(byte));
}

Key KeyDecoder::finish_sequence(char last) {
    if (last == '~') return plain(number_key(parameters_[0]));
    if (last == 'R' && parameter_count_ == 1) {
        Key key = plain(Key::Kind::kPosition);
        key.row = parameters_[0];
        key.column = parameters_[1];
        return key;
    }
    // `CSI 1;5 C`: with Ctrl or Alt an arrow goes over words.
    const bool modified = parameter_count_ >= 1 && (parameters_[1] == 3 || parameters_[1] == 5);
    if (modified && last == 'C') return plain(Key::Kind::kWordRight);
    if (modified && last == 'D') return plain(Key::Kind::kWordLeft);
    return plain(letter_key(last));
}

}  // namespace kernel::shell::rc
