// Text helpers every layer needs: numbers, rune boundaries, rc quoting, words.
#pragma once

#include "base/error.h"
#include "base/format.h"
#include "base/result.h"
#include "base/std.h"

namespace kernel {

/// The longest prefix of `text` of at most `limit` bytes that does not end inside a UTF-8 sequence.
/// Malformed bytes count as runes of one byte.
std::string_view cut_at_rune(std::string_view text, usize limit);

/// Writes the decimal digits of `number` so that the last stands before `end`; returns where they
/// begin. Room for 20 is enough.
constexpr char* put_decimal_before(char* end, u64 number) {
    do {
        *--end = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return end;
}

/// A decimal number that is all of `text`: digits only, no sign, no blank, no leading zero except
/// "0" itself. Fails with kBadArg, also on overflow.
Result<u64> parse_canonical_decimal(std::string_view text);

/// A number as C's atoi reads it: optional blanks, sign, digits; stops at the first other byte;
/// saturates; 0 if none.
i64 parse_leading_number(std::string_view text);

/// A number in C notation (decimal, 0x hexadecimal, 0 octal), all of `text`. Fails with kBadArg.
Result<u64> parse_c_number(std::string_view text);

/// Whether rc would not take `text` for one plain word.
bool needs_quotes(std::string_view text);

/// Writes `text` in rc quoting: in single quotes, with inner quotes doubled, if it is empty or has
/// a byte that rc would take for syntax; verbatim otherwise.
void put_quoted(Sink& sink, std::string_view text);

/// Splits off the next word of `text`: runs of blanks (space, tab, newline) separate, rc quotes
/// hold together. Returns the raw word with its quotes, and advances `text`; empty when there is
/// none.
std::string_view next_word(std::string_view& text);

/// The value of the variable `name` among words "*name=value", as Plan 9's loaders hand settings to
/// a kernel; other words are not ours. The first counts. Empty if it has no '='; nothing if absent.
std::optional<std::string_view> starred_value(std::string_view words, std::string_view name);

/// Removes rc quotes from `word` into `buffer`; returns the text, cut to the buffer.
std::string_view unquote(std::string_view word, std::span<char> buffer);

/// `text` without leading and trailing blanks, tabs, newlines.
std::string_view trim(std::string_view text);

}  // namespace kernel
