// Matching by runes, with one point to go back to: where the last `*` was.
#include "shell/rc/pattern.h"

#include "shell/rc/rune.h"

namespace kernel::shell::rc {
namespace {

constexpr std::string_view kWild = "*?[";

/// What stands at the start of a pattern.
struct Element {
    enum class Kind : u8 { kEnd, kRune, kAny, kStar, kClass } kind;
    Rune rune = 0;
    usize size = 0;  // bytes of the pattern
};

Element next_element(std::string_view pattern) {
    if (pattern.empty()) return {Element::Kind::kEnd};
    if (pattern[0] != kMark || pattern.size() == 1) {
        const DecodedRune at = decode_rune(pattern);
        return {Element::Kind::kRune, at.rune, at.size};
    }
    switch (pattern[1]) {
        case '*':
            return {Element::Kind::kStar, 0, 2};
        case '?':
            return {Element::Kind::kAny, 0, 2};
        case '[':
            return {Element::Kind::kClass, 0, 2};
        default:
            return {Element::Kind::kRune, static_cast<Rune>(pattern[1]), 2};
    }
}

/// A rune inside [...], its mark skipped; size 0 at the end of the pattern.
DecodedRune class_rune(std::string_view pattern) {
    const usize skipped = pattern.starts_with(kMark) ? 1 : 0;
    if (pattern.size() <= skipped) return {0, 0};
    const DecodedRune at = decode_rune(pattern.substr(skipped));
    return {at.rune, at.size + skipped};
}

/// Matches `rune` against the class that begins (after the bracket) at `rest`; moves `rest` behind
/// it. A class that is not closed matches nothing.
bool class_matches(std::string_view& rest, Rune rune) {
    const bool complement = rest.starts_with('~');
    if (complement) rest.remove_prefix(1);
    bool hit = false;
    while (!rest.starts_with(']')) {
        DecodedRune low = class_rune(rest);
        if (low.size == 0) return false;
        rest.remove_prefix(low.size);
        DecodedRune high = low;
        if (rest.starts_with('-')) {
            high = class_rune(rest.substr(1));
            if (high.size == 0) return false;
            rest.remove_prefix(1 + high.size);
            if (high.rune < low.rune) std::swap(low, high);
        }
        if (low.rune <= rune && rune <= high.rune) hit = true;
    }
    rest.remove_prefix(1);
    return hit != complement;
}

}  // namespace

bool is_wild(std::string_view word) { return word.find_first_of(kWild) != std::string_view::npos; }

void put_wild(Sink& sink, std::string_view word) {
    constexpr std::string_view kMarked = "*?[\x01";
    for (;;) {
        const usize at = word.find_first_of(kMarked);
        sink.write(word.substr(0, at));
        if (at == std::string_view::npos) return;
        const char marked[] = {kMark, word[at]};
        sink.write({marked, sizeof marked});
        word.remove_prefix(at + 1);
    }
}

void put_literal(Sink& sink, std::string_view text) {
    for (;;) {
        const usize at = text.find(kMark);
        sink.write(text.substr(0, at));
        if (at == std::string_view::npos) return;
        sink.write("\x01\x01");
        text.remove_prefix(at + 1);
    }
}

void put_unmarked(Sink& sink, std::string_view pattern) {
    for (;;) {
        const usize at = pattern.find(kMark);
        sink.write(pattern.substr(0, at));
        if (at == std::string_view::npos || at + 1 == pattern.size()) return;
        sink.write(pattern.substr(at + 1, 1));
        pattern.remove_prefix(at + 2);
    }
}

bool matches(std::string_view pattern, std::string_view text) {
    // After a failure everything is tried again with the last star taking one rune more; stars
    // before it need no second chance, since the last one can take whatever they would.
    bool starred = false;
    std::string_view star_pattern;
    std::string_view star_text;
    for (;;) {
        const Element element = next_element(pattern);
        if (element.kind == Element::Kind::kStar) {
            pattern.remove_prefix(element.size);
            starred = true;
            star_pattern = pattern;
            star_text = text;
            continue;
        }
        if (element.kind == Element::Kind::kEnd && text.empty()) return true;
        bool hit = false;
        if (element.kind != Element::Kind::kEnd && !text.empty()) {
            const DecodedRune at = decode_rune(text);
            std::string_view rest = pattern.substr(element.size);
            hit = element.kind == Element::Kind::kAny ||
                  (element.kind == Element::Kind::kRune && element.rune == at.rune) ||
                  (element.kind == Element::Kind::kClass && class_matches(rest, at.rune));
            if (hit) {
                pattern = rest;
                text.remove_prefix(at.size);
            }
        }
        if (hit) continue;
        if (!starred || star_text.empty()) return false;
        star_text.remove_prefix(decode_rune(star_text).size);
        pattern = star_pattern;
        text = star_text;
    }
}

}  // namespace kernel::shell::rc
