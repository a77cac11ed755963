// One change at a time, chosen by the generator.
#include "tests/unit/boot/tree_mutator.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace boot::test {
namespace {

constexpr std::size_t kHeaderWords = 10;
constexpr std::size_t kTotal = 4;
constexpr std::size_t kStructure = 8;
constexpr std::size_t kStrings = 12;
constexpr std::size_t kReservations = 16;
constexpr std::size_t kStructureSize = 36;

std::uint32_t word_at(const Blob& blob, std::size_t at) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word = word << 8 | std::to_integer<std::uint32_t>(blob[at + i]);
    return word;
}

/// The structure block, if the header still describes one that can be edited.
struct Structure {
    std::size_t begin;
    std::size_t words;
};
std::optional<Structure> structure_of(const Blob& blob) {
    if (blob.size() < kHeaderWords * 4) return std::nullopt;
    const std::size_t begin = word_at(blob, kStructure);
    const std::size_t size = word_at(blob, kStructureSize);
    if (begin > blob.size() || size > blob.size() - begin || size < 4) return std::nullopt;
    return Structure{.begin = begin, .words = size / 4};
}

/// Puts `bytes` in place of `removed` bytes at `at` of the structure block, and moves what the
/// header says of it.
void replace(Blob& blob, std::size_t at, std::size_t removed, const Blob& bytes) {
    const auto from = blob.begin() + static_cast<std::ptrdiff_t>(at);
    blob.erase(from, from + static_cast<std::ptrdiff_t>(removed));
    blob.insert(blob.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
    const auto grown = static_cast<std::uint32_t>(bytes.size() - removed);
    for (const std::size_t field : {kStrings, kReservations}) {
        if (word_at(blob, field) > at) put_word(blob, field, word_at(blob, field) + grown);
    }
    put_word(blob, kTotal, word_at(blob, kTotal) + grown);
    put_word(blob, kStructureSize, word_at(blob, kStructureSize) + grown);
}

Blob words(std::initializer_list<std::uint32_t> values) {
    Blob bytes(values.size() * 4);
    std::size_t at = 0;
    for (const std::uint32_t value : values) put_word(bytes, std::exchange(at, at + 4), value);
    return bytes;
}

Blob some_tokens(const Blob& blob, const Structure& structure, std::mt19937& random) {
    constexpr std::uint32_t kNameX = 0x78000000;      // "x"
    constexpr std::uint32_t kNameAt = 0x61403000;     // "a@0"
    constexpr std::uint32_t kNameSlash = 0x612f6200;  // "a/b"
    switch (random() % 8) {
        case 0:
            return words({4});
        case 1:
            return words({1, kNameX});
        case 2:
            return words({2});
        case 3:
            return words({1, kNameAt, 2});
        case 4:
            return words({1, kNameSlash, 2});
        case 5:
            return words({3, 0, static_cast<std::uint32_t>(random() % 64)});
        case 6:
            return words({3, 4, static_cast<std::uint32_t>(random() % 256),
                          static_cast<std::uint32_t>(random() % 6)});
        default:
            break;
    }
    const std::size_t first = random() % structure.words;
    const std::size_t count = std::min<std::size_t>(structure.words - first, 1 + random() % 24);
    const auto begin = blob.begin() + static_cast<std::ptrdiff_t>(structure.begin + first * 4);
    return {begin, begin + static_cast<std::ptrdiff_t>(count * 4)};
}

}  // namespace

void mutate(Blob& blob, std::mt19937& random) {
    if (blob.size() < 4) return;
    const std::optional<Structure> structure = structure_of(blob);
    switch (structure ? random() % 8 : random() % 3) {
        case 0:
            blob[random() % blob.size()] = static_cast<std::byte>(random());
            return;
        case 1: {
            constexpr std::uint32_t kHurt[] = {
                0, 1, 2, 3, 4, 5, 9, 40, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc};
            put_word(blob, random() % (blob.size() / 4) * 4, kHurt[random() % std::size(kHurt)]);
            return;
        }
        case 2: {
            if (blob.size() < kHeaderWords * 4) return;
            const std::size_t field = random() % kHeaderWords * 4;
            put_word(blob, field,
                     word_at(blob, field) + static_cast<std::uint32_t>(random() % 17) - 8);
            return;
        }
        case 3: {
            const std::size_t first = random() % structure->words;
            const std::size_t count =
                std::min<std::size_t>(structure->words - first, 1 + random() % 4);
            replace(blob, structure->begin + first * 4, count * 4, {});
            return;
        }
        case 4:  // a letter of a name or value
            blob[structure->begin + random() % (structure->words * 4)] =
                static_cast<std::byte>("a@/,0\0\1\4"[random() % 8]);
            return;
        default:
            replace(blob, structure->begin + random() % structure->words * 4, 0,
                    some_tokens(blob, *structure, random));
            return;
    }
}

}  // namespace boot::test
