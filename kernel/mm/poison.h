// Poison: what freed memory is filled with in debug builds, so that late uses show.
#pragma once

#include "base/assert.h"
#include "base/std.h"

namespace kernel::mm {

/// Repeated, it is no address, no small number, and odd as a pointer.
inline constexpr u64 kPoison = 0x5a5b'5c5d'5e5f'5b5d;
/// What fresh memory is filled with.
inline constexpr u64 kJunk = 0xc1c3'c5c7'c9cb'cdcf;

/// Fills `memory` (8-byte aligned; a rest of up to 7 bytes is left) with `pattern`.
inline void fill_words(Bytes memory, u64 pattern) {
    for (usize at = 0; at + sizeof(u64) <= memory.size(); at += sizeof(u64)) {
        std::memcpy(memory.data() + at, &pattern, sizeof(u64));
    }
}

/// Stops if somebody wrote to `memory` after fill_words(memory, pattern). `what` names it.
inline void check_words(ConstBytes memory, u64 pattern, const char* what) {
    for (usize at = 0; at + sizeof(u64) <= memory.size(); at += sizeof(u64)) {
        u64 word;
        std::memcpy(&word, memory.data() + at, sizeof(u64));
        if (word != pattern) [[unlikely]] {
            PANIC("{} written after it was freed: offset {} holds {:x}", what, at, word);
        }
    }
}

}  // namespace kernel::mm
