// What the compiler calls on a machine without the bit-manipulation extension: the libgcc helpers
// that kernel code needs, because the toolchain's own are built for another ABI.
#include "arch/riscv64/sv39/vocabulary.h"
#include "base/assert.h"

namespace arch::riscv64 {
namespace {

/// Bits set, by adding neighbours in parallel.
constexpr int population(u64 value) {
    value = value - (value >> 1 & 0x5555555555555555);
    value = (value & 0x3333333333333333) + (value >> 2 & 0x3333333333333333);
    value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return static_cast<int>(value * 0x0101010101010101 >> 56);
}

/// Zeros below the lowest bit set; 64 for zero.
constexpr int trailing_zeros(u64 value) { return population(~value & (value - 1)); }

/// Zeros above the highest bit set; 64 for zero.
constexpr int leading_zeros(u64 value) {
    for (unsigned shift = 1; shift < 64; shift *= 2) value |= value >> shift;
    return population(~value);
}

constexpr u64 swap_bytes(u64 value) {
    value = (value & 0x00ff00ff00ff00ff) << 8 | (value >> 8 & 0x00ff00ff00ff00ff);
    value = (value & 0x0000ffff0000ffff) << 16 | (value >> 16 & 0x0000ffff0000ffff);
    return value << 32 | value >> 32;
}

static_assert(population(~u64{0}) == 64 && population(0) == 0 && population(0x8001) == 2);
static_assert(trailing_zeros(0) == 64 && trailing_zeros(1) == 0 && trailing_zeros(0x50) == 4);
static_assert(leading_zeros(0) == 64 && leading_zeros(1) == 63 && leading_zeros(~u64{0}) == 0);
static_assert(swap_bytes(0x0123456789abcdef) == 0xefcdab8967452301);

}  // namespace
}  // namespace arch::riscv64

extern "C" {

int __popcountdi2(std::uint64_t value) { return arch::riscv64::population(value); }
int __ctzdi2(std::uint64_t value) { return arch::riscv64::trailing_zeros(value); }
int __clzdi2(std::uint64_t value) { return arch::riscv64::leading_zeros(value); }
int __ffsdi2(std::uint64_t value) {
    return value == 0 ? 0 : arch::riscv64::trailing_zeros(value) + 1;
}
int __paritydi2(std::uint64_t value) { return arch::riscv64::population(value) & 1; }
std::uint64_t __bswapdi2(std::uint64_t value) { return arch::riscv64::swap_bytes(value); }
std::uint32_t __bswapsi2(std::uint32_t value) {
    return static_cast<std::uint32_t>(arch::riscv64::swap_bytes(value) >> 32);
}

[[noreturn]] void __cxa_pure_virtual() { PANIC("a pure virtual function was called"); }

[[noreturn]] void abort() { PANIC("the standard library gave up"); }

}  // extern "C"

namespace std {

// Where libstdc++ would throw.
[[noreturn]] void __throw_out_of_range_fmt(const char* format, ...) {
    PANIC("out of range: {}", format);
}

}  // namespace std
