// Values and operations that random tests draw from: edges rather than the middle.
#pragma once

#include "tests/host/interpreter/instruction.h"
#include "tests/host/sim/random.h"
#include "tests/interpreter/mnemonics.h"

namespace interpreter_tests {

using host::Random;

/// A value of 64 bits: an edge of some width, a small number, a few bits, or anything.
inline u64 random_value(Random& random) {
    constexpr u64 kEdges[] = {0,
                              1,
                              ~u64{0},
                              u64{1} << 63,
                              (u64{1} << 63) - 1,
                              0x7fff'ffff,
                              0x8000'0000,
                              0xffff'ffff,
                              0x1'0000'0000,
                              0xffff'ffff'8000'0000,
                              0xffff'ffff'7fff'ffff,
                              0x8000'0000'8000'0000};
    switch (random.below(4)) {
        case 0:
            return kEdges[random.below(std::size(kEdges))];
        case 1:
            return random.below(129) - 64;
        case 2:
            return (u64{1} << random.below(64)) + random.below(3) - 1;
        default:
            return random.next();
    }
}

// funct7 and funct3 of all there is in OP and OP-32, and funct5 of the read-modify-writes.
inline constexpr u32 kOperations[] = {
    0b0000000'000, 0b0000000'001, 0b0000000'010, 0b0000000'011, 0b0000000'100, 0b0000000'101,
    0b0000000'110, 0b0000000'111, 0b0100000'000, 0b0100000'101, 0b0000001'000, 0b0000001'001,
    0b0000001'010, 0b0000001'011, 0b0000001'100, 0b0000001'101, 0b0000001'110, 0b0000001'111};
inline constexpr u32 kWordOperations[] = {
    0b0000000'000, 0b0000000'001, 0b0000000'101, 0b0100000'000, 0b0100000'101,
    0b0000001'000, 0b0000001'100, 0b0000001'101, 0b0000001'110, 0b0000001'111};
inline constexpr u32 kAtomicOperations[] = {0b00001, 0b00000, 0b00100, 0b01100, 0b01000,
                                            0b10000, 0b10100, 0b11000, 0b11100};

/// One of a list.
template <usize N>
u32 one_of(const u32 (&list)[N], Random& random) {
    return list[random.below(N)];
}

/// An instruction of OP-IMM or OP-IMM-32, shifts included.
inline u32 random_immediate_operation(Random& random, u32 rd, u32 rs1) {
    const bool words = random.one_in(3);
    const Opcode opcode = words ? Opcode::kOpImm32 : Opcode::kOpImm;
    const u32 funct3 =
        words ? one_of({0b000, 0b001, 0b101}, random) : static_cast<u32>(random.below(8));
    if (funct3 != 0b001 && funct3 != 0b101) {
        return mnemonics::make::i(opcode, funct3, rd, rs1, random.next());
    }
    const u64 arithmetic = funct3 == 0b101 && random.one_in(2) ? 0x400 : 0;
    return mnemonics::make::i(opcode, funct3, rd, rs1, arithmetic | random.below(words ? 32 : 64));
}

}  // namespace interpreter_tests
