// memcpy and its relatives, which the compiler and its library call by themselves: word by word,
// never misaligned (boards emulate misaligned access in firmware, slowly).
//
// Compiled so that the compiler does not make calls to these functions out of their own loops.
#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64 {
namespace {

/// A word that may alias anything.
using Word [[gnu::may_alias]] = u64;

constexpr usize kWord = sizeof(Word);
constexpr usize kBlock = 8 * kWord;

u64 address_of(const void* at) { return reinterpret_cast<u64>(at); }

/// Copies `count` words upward; both ends word-aligned.
void copy_words(Word*& to, const Word*& from, usize count) {
    for (; count >= 8; count -= 8, to += 8, from += 8) {
        const Word a = from[0], b = from[1], c = from[2], d = from[3];
        const Word e = from[4], f = from[5], g = from[6], h = from[7];
        to[0] = a, to[1] = b, to[2] = c, to[3] = d;
        to[4] = e, to[5] = f, to[6] = g, to[7] = h;
    }
    for (; count != 0; --count) *to++ = *from++;
}

/// Copies `count` words upward from a place that is `skew` bytes past a word boundary: each word is
/// put together from two. Reads only words that hold at least one byte of the source.
void copy_skewed(Word*& to, const u8*& from, usize count, u64 skew) {
    const unsigned low = static_cast<unsigned>(skew * 8);
    const Word* source = reinterpret_cast<const Word*>(from - skew);
    Word current = *source++;
    from += count * kWord;
    for (; count != 0; --count) {
        const Word next = *source++;
        *to++ = current >> low | next << (64 - low);
        current = next;
    }
}

u8* copy_up(u8* const begin, const u8* from, usize size) {
    u8* to = begin;
    if (size >= 2 * kWord) {
        for (; address_of(to) % kWord != 0; --size) *to++ = *from++;
        const usize words = size / kWord;
        const u64 skew = address_of(from) % kWord;
        Word* word_to = reinterpret_cast<Word*>(to);
        if (skew == 0) {
            const Word* word_from = reinterpret_cast<const Word*>(from);
            copy_words(word_to, word_from, words);
            from = reinterpret_cast<const u8*>(word_from);
        } else {
            copy_skewed(word_to, from, words, skew);
        }
        to = reinterpret_cast<u8*>(word_to);
        size %= kWord;
    }
    for (; size != 0; --size) *to++ = *from++;
    return begin;
}

/// As copy_up from the ends downward; words only where both are aligned alike.
void copy_down(u8* to, const u8* from, usize size) {
    to += size;
    from += size;
    if (size >= 2 * kWord && (address_of(to) ^ address_of(from)) % kWord == 0) {
        for (; address_of(to) % kWord != 0; --size) *--to = *--from;
        Word* word_to = reinterpret_cast<Word*>(to);
        const Word* word_from = reinterpret_cast<const Word*>(from);
        for (; size >= kWord; size -= kWord) *--word_to = *--word_from;
        to = reinterpret_cast<u8*>(word_to);
        from = reinterpret_cast<const u8*>(word_from);
    }
    for (; size != 0; --size) *--to = *--from;
}

}  // namespace
}  // namespace arch::riscv64

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
    return arch::riscv64::copy_up(static_cast<std::uint8_t*>(to),
                                  static_cast<const std::uint8_t*>(from), size);
}

void* memmove(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<std::uint8_t*>(to);
    const auto* source = static_cast<const std::uint8_t*>(from);
    // Upward is right unless the target starts inside the source.
    if (arch::riscv64::address_of(to) - arch::riscv64::address_of(from) >= size) {
        return arch::riscv64::copy_up(target, source, size);
    }
    arch::riscv64::copy_down(target, source, size);
    return to;
}

void* memset(void* to, int value, std::size_t size) {
    using arch::riscv64::kBlock;
    using arch::riscv64::kWord;
    using arch::riscv64::Word;
    auto* at = static_cast<std::uint8_t*>(to);
    const auto byte = static_cast<std::uint8_t>(value);
    if (size >= 2 * kWord) {
        for (; arch::riscv64::address_of(at) % kWord != 0; --size) *at++ = byte;
        const Word word = byte * std::uint64_t{0x0101010101010101};
        auto* words = reinterpret_cast<Word*>(at);
        for (; size >= kBlock; size -= kBlock, words += 8) {
            words[0] = word, words[1] = word, words[2] = word, words[3] = word;
            words[4] = word, words[5] = word, words[6] = word, words[7] = word;
        }
        for (; size >= kWord; size -= kWord) *words++ = word;
        at = reinterpret_cast<std::uint8_t*>(words);
    }
    for (; size != 0; --size) *at++ = byte;
    return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
    using arch::riscv64::kWord;
    using arch::riscv64::Word;
    const auto* a = static_cast<const std::uint8_t*>(left);
    const auto* b = static_cast<const std::uint8_t*>(right);
    if ((arch::riscv64::address_of(a) | arch::riscv64::address_of(b)) % kWord == 0) {
        // Equal words are skipped; the first that differ are compared byte by byte.
        for (; size >= kWord; size -= kWord, a += kWord, b += kWord) {
            if (*reinterpret_cast<const Word*>(a) != *reinterpret_cast<const Word*>(b)) break;
        }
    }
    for (; size != 0; --size, ++a, ++b) {
        if (*a != *b) return *a - *b;
    }
    return 0;
}

// The C++ headers declare memchr in two forms, neither of which can be defined by its own name.
const void* riscv64_memchr(const void* in, int value, std::size_t size) asm("memchr");
const void* riscv64_memchr(const void* in, int value, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(in);
    const auto byte = static_cast<std::uint8_t>(value);
    for (; size != 0; --size, ++at) {
        if (*at == byte) return at;
    }
    return nullptr;
}

std::size_t strlen(const char* text) {
    const char* end = text;
    while (*end != '\0') ++end;
    return static_cast<std::size_t>(end - text);
}

}  // extern "C"
