// SHA-1 a block at a time, and the two passes of HMAC.
#include "dev/cap/sha1.h"

namespace kernel::dev {

void Sha1::digest_block() {
    std::array<u32, 80> w;
    for (usize i = 0; i < 16; ++i) {
        w[i] = u32{block_[4 * i]} << 24 | u32{block_[4 * i + 1]} << 16 | u32{block_[4 * i + 2]} << 8 |
               u32{block_[4 * i + 3]};
    }
    for (usize i = 16; i < w.size(); ++i) {
        w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = state_;
    for (usize i = 0; i < w.size(); ++i) {
        u32 f;
        if (i < 20) {
            f = ((b & c) | (~b & d)) + 0x5a827999;
        } else if (i < 40) {
            f = (b ^ c ^ d) + 0x6ed9eba1;
        } else if (i < 60) {
            f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
        } else {
            f = (b ^ c ^ d) + 0xca62c1d6;
        }
        const u32 next = std::rotl(a, 5) + f + e + w[i];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    const std::array<u32, 5> sums{a, b, c, d, e};
    for (usize i = 0; i < sums.size(); ++i) state_[i] += sums[i];
}

void Sha1::add_byte(u8 byte) {
    block_[size_++ % kBlock] = byte;
    if (size_ % kBlock == 0) digest_block();
}

void Sha1::add(ConstBytes data) {
    for (const std::byte byte : data) add_byte(static_cast<u8>(byte));
}

Sha1Digest Sha1::finish() {
    const u64 bits = size_ * 8;
    add_byte(0x80);
    while (size_ % kBlock != kBlock - sizeof bits) add_byte(0);
    for (int shift = 56; shift >= 0; shift -= 8) add_byte(static_cast<u8>(bits >> shift));
    Sha1Digest digest;
    for (usize i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<u8>(state_[i / 4] >> (24 - 8 * (i % 4)));
    }
    return digest;
}

Sha1Digest hmac_sha1(ConstBytes key, ConstBytes message) {
    constexpr std::byte kInner{0x36};
    constexpr std::byte kOuter{0x5c};
    Sha1Digest digest;
    std::array<std::byte, 64> padded{};
    if (key.size() > padded.size()) {
        Sha1 of_key;
        of_key.add(key);
        digest = of_key.finish();
        key = std::as_bytes(std::span(digest));
    }
    std::copy(key.begin(), key.end(), padded.begin());
    for (std::byte& byte : padded) byte ^= kInner;
    Sha1 inner;
    inner.add(padded);
    inner.add(message);
    digest = inner.finish();
    for (std::byte& byte : padded) byte ^= kInner ^ kOuter;
    Sha1 outer;
    outer.add(padded);
    outer.add(std::as_bytes(std::span(digest)));
    return outer.finish();
}

}  // namespace kernel::dev
