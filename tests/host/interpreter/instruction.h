// Instruction: the fields of a 32-bit encoding, as in the Unprivileged ISA, section "Immediate
// Encoding Variants"; and the same formats the other way round.
#pragma once

#include "base/std.h"

namespace host::interpreter {

using kernel::i32;
using kernel::i64;
using kernel::u16;
using kernel::u32;
using kernel::u64;

/// The lowest `bits` of `value`, extended by their sign to 64.
constexpr u64 sign_extended(u64 value, unsigned bits) {
    const unsigned unused = 64 - bits;
    return static_cast<u64>(static_cast<i64>(value << unused) >> unused);
}

/// Bits 6..0 of an encoding.
enum class Opcode : u32 {
    kLoad = 0b0000011,
    kMiscMem = 0b0001111,
    kOpImm = 0b0010011,
    kAuipc = 0b0010111,
    kOpImm32 = 0b0011011,
    kStore = 0b0100011,
    kAmo = 0b0101111,
    kOp = 0b0110011,
    kLui = 0b0110111,
    kOp32 = 0b0111011,
    kBranch = 0b1100011,
    kJalr = 0b1100111,
    kJal = 0b1101111,
    kSystem = 0b1110011,
};

/// One instruction. Immediates come extended by their sign, shifted to where they count.
struct Instruction {
    u32 bits = 0;

    constexpr Opcode opcode() const { return Opcode{field(6, 0)}; }
    constexpr u32 rd() const { return field(11, 7); }
    constexpr u32 funct3() const { return field(14, 12); }
    constexpr u32 rs1() const { return field(19, 15); }
    constexpr u32 rs2() const { return field(24, 20); }
    constexpr u32 funct7() const { return field(31, 25); }
    /// funct7 and funct3 as one number: what tells the operations of one opcode apart.
    constexpr u32 operation() const { return funct7() << 3 | funct3(); }

    constexpr u64 immediate_i() const { return sign_extended(field(31, 20), 12); }
    constexpr u64 immediate_s() const {
        return sign_extended(field(31, 25) << 5 | field(11, 7), 12);
    }
    constexpr u64 immediate_b() const {
        return sign_extended(
            field(31, 31) << 12 | field(7, 7) << 11 | field(30, 25) << 5 | field(11, 8) << 1, 13);
    }
    constexpr u64 immediate_u() const { return sign_extended(bits & 0xffff'f000, 32); }
    constexpr u64 immediate_j() const {
        return sign_extended(
            field(31, 31) << 20 | field(19, 12) << 12 | field(20, 20) << 11 | field(30, 21) << 1,
            21);
    }

    /// Bits `high` to `low`.
    constexpr u32 field(unsigned high, unsigned low) const {
        return (bits >> low) & ((u32{2} << (high - low)) - 1);
    }
};

/// Makes an instruction of each format; excess bits of immediates are cut.
namespace make {

constexpr u32 r(Opcode opcode, u32 operation, u32 rd, u32 rs1, u32 rs2) {
    return operation >> 3 << 25 | rs2 << 20 | rs1 << 15 | (operation & 7) << 12 | rd << 7 |
           static_cast<u32>(opcode);
}
constexpr u32 i(Opcode opcode, u32 funct3, u32 rd, u32 rs1, u64 immediate) {
    return static_cast<u32>(immediate) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 |
           static_cast<u32>(opcode);
}
constexpr u32 s(Opcode opcode, u32 funct3, u32 rs1, u32 rs2, u64 immediate) {
    const Instruction from{static_cast<u32>(immediate)};
    return from.field(11, 5) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | from.field(4, 0) << 7 |
           static_cast<u32>(opcode);
}
constexpr u32 b(Opcode opcode, u32 funct3, u32 rs1, u32 rs2, u64 immediate) {
    const Instruction from{static_cast<u32>(immediate)};
    return from.field(12, 12) << 31 | from.field(10, 5) << 25 | rs2 << 20 | rs1 << 15 |
           funct3 << 12 | from.field(4, 1) << 8 | from.field(11, 11) << 7 |
           static_cast<u32>(opcode);
}
constexpr u32 u(Opcode opcode, u32 rd, u64 immediate) {
    return (static_cast<u32>(immediate) & 0xffff'f000) | rd << 7 | static_cast<u32>(opcode);
}
constexpr u32 j(Opcode opcode, u32 rd, u64 immediate) {
    const Instruction from{static_cast<u32>(immediate)};
    return from.field(20, 20) << 31 | from.field(10, 1) << 21 | from.field(11, 11) << 20 |
           from.field(19, 12) << 12 | rd << 7 | static_cast<u32>(opcode);
}

}  // namespace make
}  // namespace host::interpreter
