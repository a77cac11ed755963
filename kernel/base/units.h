// Units as types: addresses, page counts and times that cannot be mixed up.
#pragma once

#include "base/std.h"

namespace kernel {

inline constexpr usize kPageShift = 12;
inline constexpr usize kPageSize = usize{1} << kPageShift;

inline constexpr usize kKiB = 1024;
inline constexpr usize kMiB = 1024 * kKiB;
inline constexpr usize kGiB = 1024 * kMiB;

/// `value` rounded to a multiple of `alignment`, a power of two.
constexpr u64 align_down(u64 value, u64 alignment) { return value & ~(alignment - 1); }
constexpr u64 align_up(u64 value, u64 alignment) {
    return align_down(value + alignment - 1, alignment);
}
constexpr bool is_aligned(u64 value, u64 alignment) { return (value & (alignment - 1)) == 0; }

/// A physical address.
struct PhysAddr {
    u64 value = 0;

    constexpr auto operator<=>(const PhysAddr&) const = default;
    constexpr PhysAddr operator+(u64 bytes) const { return {value + bytes}; }
    constexpr PhysAddr operator-(u64 bytes) const { return {value - bytes}; }
    constexpr u64 operator-(PhysAddr other) const { return value - other.value; }
    constexpr u64 frame() const { return value >> kPageShift; }
};

/// A virtual address.
struct VirtAddr {
    u64 value = 0;

    constexpr auto operator<=>(const VirtAddr&) const = default;
    constexpr VirtAddr operator+(u64 bytes) const { return {value + bytes}; }
    constexpr VirtAddr operator-(u64 bytes) const { return {value - bytes}; }
    constexpr u64 operator-(VirtAddr other) const { return value - other.value; }
    static VirtAddr of(const void* pointer) { return {reinterpret_cast<std::uintptr_t>(pointer)}; }
    template <class T = void>
    T* as() const {
        return reinterpret_cast<T*>(value);
    }
};

/// A half-open run of physical memory.
struct PhysRange {
    PhysAddr start;
    u64 size = 0;

    constexpr PhysAddr end() const { return start + size; }
    constexpr bool contains(PhysAddr at) const { return at >= start && at - start < size; }
    constexpr bool overlaps(const PhysRange& other) const {
        return start < other.end() && other.start < end();
    }
    constexpr bool operator==(const PhysRange&) const = default;
};

/// A span of time, or a time since boot, in nanoseconds. 584 years fit.
struct Nanos {
    u64 value = 0;

    constexpr auto operator<=>(const Nanos&) const = default;
    constexpr Nanos operator+(Nanos other) const { return {value + other.value}; }
    constexpr Nanos operator-(Nanos other) const { return {value - other.value}; }
    constexpr Nanos& operator+=(Nanos other) {
        value += other.value;
        return *this;
    }
    constexpr u64 millis() const { return value / 1'000'000; }
    constexpr u64 seconds() const { return value / 1'000'000'000; }
};
constexpr Nanos nanos_from_micros(u64 count) { return {count * 1'000}; }
constexpr Nanos nanos_from_millis(u64 count) { return {count * 1'000'000}; }
constexpr Nanos nanos_from_seconds(u64 count) { return {count * 1'000'000'000}; }

}  // namespace kernel
