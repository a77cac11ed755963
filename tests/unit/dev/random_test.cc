// ChaCha20 against the RFC's numbers, and what the generator promises.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dev/random/chacha20.h"
#include "dev/random/random.h"

namespace kernel::dev {
namespace {

std::string hex(std::span<const u8> bytes) {
    std::string text;
    for (u8 byte : bytes) {
        std::array<char, 3> digits;
        text += format_into(digits, "{:02x}", byte);
    }
    return text;
}

std::vector<std::byte> draw(RandomGenerator& generator, usize size) {
    std::vector<std::byte> bytes(size);
    generator.fill(bytes);
    return bytes;
}

TEST(ChaCha20, TheBlockOfRfc8439Section232) {
    ChaChaKey key;
    for (usize i = 0; i < key.size(); ++i) key[i] = static_cast<u8>(i);
    const ChaChaNonce nonce{0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0};
    EXPECT_EQ(hex(chacha20_block(key, 1, nonce)),
              "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
              "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

TEST(ChaCha20, TheZeroKeyOfRfc8439AppendixA1) {
    EXPECT_EQ(hex(chacha20_block({}, 0, {})),
              "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
              "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
}

TEST(RandomGenerator, TheSameSeedsAndRequestsGiveTheSameBytes) {
    RandomGenerator one;
    RandomGenerator two;
    one.add(as_bytes("a seed"));
    two.add(as_bytes("a seed"));
    EXPECT_EQ(draw(one, 1000), draw(two, 1000));
    EXPECT_EQ(draw(one, 7), draw(two, 7));
}

TEST(RandomGenerator, EverySeedByteMatters) {
    const std::string seed(64, 's');
    RandomGenerator plain;
    plain.add(as_bytes(seed));
    const auto expected = draw(plain, 32);
    for (usize i = 0; i < seed.size(); ++i) {
        std::string changed = seed;
        changed[i] = 't';
        RandomGenerator other;
        other.add(as_bytes(changed));
        EXPECT_NE(draw(other, 32), expected) << i;
    }
}

TEST(RandomGenerator, TwoRequestsDiffer) {
    RandomGenerator generator;
    EXPECT_NE(draw(generator, 64), draw(generator, 64));
}

TEST(RandomGenerator, BitsAreBalanced) {
    RandomGenerator generator;
    usize ones = 0;
    const auto bytes = draw(generator, 1 << 16);
    for (std::byte byte : bytes) ones += static_cast<usize>(std::popcount(static_cast<u8>(byte)));
    const usize half = bytes.size() * 4;
    // Ten standard deviations of a fair coin.
    EXPECT_NEAR(static_cast<double>(ones), static_cast<double>(half), 10 * 362.0);
}

}  // namespace
}  // namespace kernel::dev
