// SHA-1 and HMAC-SHA1, held against the examples of FIPS 180-4 and RFC 2202.
#include "dev/cap/sha1.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace kernel::dev {
namespace {

std::string hex(const Sha1Digest& digest) {
    std::string text;
    for (const u8 byte : digest) {
        constexpr char kDigits[] = "0123456789abcdef";
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string sha1(std::string_view message) {
    Sha1 digest;
    digest.add(as_bytes(message));
    return hex(digest.finish());
}

std::string hmac(std::string_view key, std::string_view message) {
    return hex(hmac_sha1(as_bytes(key), as_bytes(message)));
}

TEST(Sha1, DigestsAreThoseOfTheStandard) {
    EXPECT_EQ(sha1(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(sha1(std::string(1000000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(Sha1, PartsMakeTheWhole) {
    const std::string message(200, 'x');
    for (usize cut = 0; cut <= message.size(); ++cut) {
        Sha1 digest;
        digest.add(as_bytes(std::string_view(message).substr(0, cut)));
        digest.add(as_bytes(std::string_view(message).substr(cut)));
        EXPECT_EQ(hex(digest.finish()), sha1(message)) << cut;
    }
}

TEST(Sha1, CodesAreThoseOfTheStandard) {
    EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00");
    EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
              "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    EXPECT_EQ(hmac(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

}  // namespace
}  // namespace kernel::dev
