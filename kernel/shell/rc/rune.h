// Runes: reading UTF-8 a character at a time; bytes that are not UTF-8 stand for themselves.
#pragma once

#include "base/std.h"

namespace kernel::shell::rc {

/// A code point, or for a byte that is not part of valid UTF-8, kStrayByte + the byte.
using Rune = u32;
inline constexpr Rune kStrayByte = 0x110000;

/// The rune at the start of `text` (not empty) and how many bytes it takes.
struct DecodedRune {
    Rune rune;
    usize size;
};
DecodedRune decode_rune(std::string_view text);

/// The start of the rune that ends right before position `at` > 0 of `text`.
usize rune_before(std::string_view text, usize at);

/// The end of the rune that starts at position `at` < text.size().
inline usize rune_after(std::string_view text, usize at) {
    return at + decode_rune(text.substr(at)).size;
}

/// The columns `rune` takes on a terminal: 0 for what combines with the character before it, 2 for
/// wide East Asian characters and pictures, else 1.
usize rune_width(Rune rune);

/// The columns of a text; control characters count as rune_width says (1).
usize text_width(std::string_view text);

}  // namespace kernel::shell::rc
