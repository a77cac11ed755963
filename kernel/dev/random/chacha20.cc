// The ChaCha20 block function.
#include "dev/random/chacha20.h"

namespace kernel::dev {
namespace {

constexpr usize kWords = kChaChaBlockBytes / sizeof(u32);
using State = std::array<u32, kWords>;

/// RFC 8439, section 2.1.
void quarter_round(u32& a, u32& b, u32& c, u32& d) {
    a += b, d = std::rotl(d ^ a, 16);
    c += d, b = std::rotl(b ^ c, 12);
    a += b, d = std::rotl(d ^ a, 8);
    c += d, b = std::rotl(b ^ c, 7);
}

/// A column round and a diagonal round.
void double_round(State& s) {
    for (usize i = 0; i < 4; ++i) quarter_round(s[i], s[4 + i], s[8 + i], s[12 + i]);
    for (usize i = 0; i < 4; ++i) {
        quarter_round(s[i], s[4 + (i + 1) % 4], s[8 + (i + 2) % 4], s[12 + (i + 3) % 4]);
    }
}

u32 load_little(const u8* bytes) {
    return u32{bytes[0]} | u32{bytes[1]} << 8 | u32{bytes[2]} << 16 | u32{bytes[3]} << 24;
}

}  // namespace

ChaChaBlock chacha20_block(const ChaChaKey& key, u32 counter, const ChaChaNonce& nonce) {
    constexpr u32 kDoubleRounds = 10;
    // "expand 32-byte k", then key, counter and nonce.
    State start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (usize i = 0; i < 8; ++i) start[4 + i] = load_little(&key[4 * i]);
    start[12] = counter;
    for (usize i = 0; i < 3; ++i) start[13 + i] = load_little(&nonce[4 * i]);

    State mixed = start;
    for (u32 i = 0; i < kDoubleRounds; ++i) double_round(mixed);

    ChaChaBlock block;
    for (usize i = 0; i < kWords; ++i) {
        const u32 word = mixed[i] + start[i];
        for (usize byte = 0; byte < sizeof(u32); ++byte) {
            block[4 * i + byte] = static_cast<u8>(word >> (8 * byte));
        }
    }
    return block;
}

}  // namespace kernel::dev
