// Text helpers: numbers, rune boundaries, rc quoting, words.
#include "base/text.h"

namespace kernel {
namespace {

bool is_blank(char c) {
    // Most characters are none, and one comparison says so.
    return static_cast<u8>(c) <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_continuation(char c) { return (static_cast<u8>(c) & 0xc0) == 0x80; }

/// The bytes a rune that starts with `lead` should have; 1 for anything that cannot start one.
usize rune_length(char lead) {
    const u8 byte = static_cast<u8>(lead);
    if (byte >= 0xf0 && byte < 0xf8) return 4;
    if (byte >= 0xe0) return byte < 0xf0 ? 3 : 1;
    return byte >= 0xc0 ? 2 : 1;
}

u64 digit_value(char c) {
    if (is_digit(c)) return static_cast<u64>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<u64>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<u64>(c - 'A') + 10;
    return 99;
}

Result<u64> parse_digits(std::string_view text, u64 radix) {
    if (text.empty()) return Error::kBadArg;
    u64 value = 0;
    for (char c : text) {
        const u64 digit = digit_value(c);
        if (digit >= radix) return Error::kBadArg;
        if (__builtin_mul_overflow(value, radix, &value) ||
            __builtin_add_overflow(value, digit, &value)) {
            return Error::kBadArg;
        }
    }
    return value;
}

}  // namespace

std::string_view cut_at_rune(std::string_view text, usize limit) {
    if (text.size() <= limit) return text;
    // Step back over at most three continuation bytes to the start of the rune that the limit would
    // split.
    usize start = limit;
    while (start > 0 && limit - start < 3 && is_continuation(text[start])) --start;
    const bool splits_rune = start < limit && start + rune_length(text[start]) > limit;
    return text.substr(0, splits_rune ? start : limit);
}

Result<u64> parse_canonical_decimal(std::string_view text) {
    if (text.size() > 1 && text[0] == '0') return Error::kBadArg;
    return parse_digits(text, 10);
}

i64 parse_leading_number(std::string_view text) {
    usize i = 0;
    while (i < text.size() && is_blank(text[i])) ++i;
    const bool negative = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    i64 value = 0;
    for (; i < text.size() && is_digit(text[i]); ++i) {
        const i64 digit = text[i] - '0';
        if (__builtin_mul_overflow(value, i64{10}, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value)) {
            return negative ? std::numeric_limits<i64>::min() : std::numeric_limits<i64>::max();
        }
    }
    return value;
}

Result<u64> parse_c_number(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) return parse_digits(text.substr(2), 16);
    if (text.size() > 1 && text[0] == '0') return parse_digits(text.substr(1), 8);
    return parse_digits(text, 10);
}

bool needs_quotes(std::string_view text) {
    constexpr std::string_view kSyntax = " \t\n\r'`\"#;&|^$=(){}[]<>*?~!@";
    return text.empty() || text.find_first_of(kSyntax) != std::string_view::npos;
}

void put_quoted(Sink& sink, std::string_view text) {
    if (!needs_quotes(text)) {
        sink.write(text);
        return;
    }
    sink.write("'");
    for (;;) {
        const usize quote = text.find('\'');
        sink.write(text.substr(0, quote));
        if (quote == std::string_view::npos) break;
        sink.write("''");
        text.remove_prefix(quote + 1);
    }
    sink.write("'");
}

std::string_view next_word(std::string_view& text) {
    usize start = 0;
    while (start < text.size() && is_blank(text[start])) ++start;
    usize end = start;
    bool quoted = false;
    while (end < text.size() && (quoted || !is_blank(text[end]))) {
        if (text[end] == '\'') quoted = !quoted;
        ++end;
    }
    const std::string_view word = text.substr(start, end - start);
    text.remove_prefix(end);
    return word;
}

std::optional<std::string_view> starred_value(std::string_view words, std::string_view name) {
    for (std::string_view word = next_word(words); !word.empty(); word = next_word(words)) {
        if (word.front() != '*') continue;
        word.remove_prefix(1);
        const usize equals = word.find('=');
        if (word.substr(0, equals) != name) continue;
        return equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    }
    return std::nullopt;
}

std::string_view unquote(std::string_view word, std::span<char> buffer) {
    usize stored = 0;
    bool quoted = false;
    for (usize i = 0; i < word.size() && stored < buffer.size(); ++i) {
        if (word[i] != '\'') {
            buffer[stored++] = word[i];
        } else if (quoted && i + 1 < word.size() && word[i + 1] == '\'') {
            buffer[stored++] = word[i++];
        } else {
            quoted = !quoted;
        }
    }
    return {buffer.data(), stored};
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace kernel
