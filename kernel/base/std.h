// The one door to the C++ standard library: what a freestanding kernel may use, and nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kernel {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using usize = std::size_t;

/// A writable and a read-only run of raw bytes.
using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;

/// The bytes of a text, and a text made of bytes; no copy.
inline ConstBytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}
inline std::string_view as_text(ConstBytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A type that is neither copied nor moved: its address is its identity.
class Pinned {
public:
    constexpr Pinned() = default;
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;

protected:
    ~Pinned() = default;
};

}  // namespace kernel
