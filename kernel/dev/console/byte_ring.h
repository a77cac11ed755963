// ByteRing<N>: bytes first in, first out, in a fixed buffer.
#pragma once

#include "base/assert.h"
#include "base/std.h"

namespace kernel::dev {

/// A queue of at most N bytes, N a power of two. The caller protects it.
template <usize N>
class ByteRing {
    static_assert(std::has_single_bit(N));

public:
    constexpr ByteRing() = default;

    usize size() const { return put_ - taken_; }
    usize room() const { return N - size(); }
    bool empty() const { return size() == 0; }

    /// Requires room() > 0.
    void push(u8 byte) {
        DEBUG_ASSERT(room() > 0);
        bytes_[put_++ % N] = byte;
    }
    /// The oldest byte. Requires that there is one.
    u8 front() const {
        DEBUG_ASSERT(!empty());
        return bytes_[taken_ % N];
    }
    void pop() {
        DEBUG_ASSERT(!empty());
        ++taken_;
    }

private:
    std::array<u8, N> bytes_{};
    u64 put_ = 0;  // bytes ever pushed
    u64 taken_ = 0;
};

}  // namespace kernel::dev
