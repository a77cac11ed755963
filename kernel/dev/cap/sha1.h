// SHA-1 (FIPS 180-4), and HMAC with it (RFC 2104): what Plan 9's capabilities are made with.
#pragma once

#include "base/std.h"

namespace kernel::dev {

using Sha1Digest = std::array<u8, 20>;

/// A message as it comes. Any context.
class Sha1 {
public:
    void add(ConstBytes data);
    /// The digest of all that was added; nothing may be added after it.
    Sha1Digest finish();

private:
    static constexpr usize kBlock = 64;

    void add_byte(u8 byte);
    void digest_block();

    std::array<u32, 5> state_{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    std::array<u8, kBlock> block_{};
    u64 size_ = 0;  // bytes added
};

/// The code that who knows `key` gives `message`. Any context.
Sha1Digest hmac_sha1(ConstBytes key, ConstBytes message);

}  // namespace kernel::dev
