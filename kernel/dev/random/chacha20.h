// ChaCha20: the block function of RFC 8439, section 2.3.
#pragma once

#include "base/std.h"

namespace kernel::dev {

inline constexpr usize kChaChaBlockBytes = 64;

using ChaChaKey = std::array<u8, 32>;
using ChaChaNonce = std::array<u8, 12>;
using ChaChaBlock = std::array<u8, kChaChaBlockBytes>;

/// The key stream block number `counter` for `key` and `nonce`. Any context.
ChaChaBlock chacha20_block(const ChaChaKey& key, u32 counter, const ChaChaNonce& nonce);

}  // namespace kernel::dev
