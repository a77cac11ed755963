// The fields of an encoding of 32 bits: Unprivileged ISA 20191213, section 2.3.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::isa {

/// Bits `high` to `low`.
constexpr u32 bits(u32 of, unsigned high, unsigned low) {
    return (of >> low) & ((u32{2} << (high - low)) - 1);
}
/// The lowest `count` bits, extended by their sign.
constexpr i32 signed_bits(u32 value, unsigned count) {
    return static_cast<i32>(value << (32 - count)) >> (32 - count);
}

constexpr u8 rd_of(u32 of) { return static_cast<u8>(bits(of, 11, 7)); }
constexpr u8 rs1_of(u32 of) { return static_cast<u8>(bits(of, 19, 15)); }
constexpr u8 rs2_of(u32 of) { return static_cast<u8>(bits(of, 24, 20)); }
constexpr u32 funct3_of(u32 of) { return bits(of, 14, 12); }
constexpr u32 funct7_of(u32 of) { return bits(of, 31, 25); }

/// Bits 6..0.
namespace opcode {
inline constexpr u32 kLoad = 0b0000011;
inline constexpr u32 kLoadFloat = 0b0000111;
inline constexpr u32 kOpImm = 0b0010011;
inline constexpr u32 kAuipc = 0b0010111;
inline constexpr u32 kOpImm32 = 0b0011011;
inline constexpr u32 kStore = 0b0100011;
inline constexpr u32 kStoreFloat = 0b0100111;
inline constexpr u32 kAmo = 0b0101111;
inline constexpr u32 kOp = 0b0110011;
inline constexpr u32 kLui = 0b0110111;
inline constexpr u32 kOp32 = 0b0111011;
inline constexpr u32 kBranch = 0b1100011;
inline constexpr u32 kJal = 0b1101111;
}  // namespace opcode

constexpr bool is_compressed(u32 encoding) { return (encoding & 3) != 3; }
/// Bytes.
constexpr u64 length_of(u32 encoding) { return is_compressed(encoding) ? 2 : 4; }

}  // namespace arch::riscv64::isa
