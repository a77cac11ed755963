// The edges of arithmetic: signs, widths, shifts, products of 128 bits, division that never traps.
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;

constexpr u64 kMinusOne = ~u64{0};
constexpr u64 kMin = u64{1} << 63;
constexpr u64 kMax = kMin - 1;
constexpr u64 kMinWord = 0xffff'ffff'8000'0000;  // the least of 32 bits, extended

constexpr u32 kMul = 0b0000001'000;
constexpr u32 kMulh = 0b0000001'001;
constexpr u32 kMulhsu = 0b0000001'010;
constexpr u32 kMulhu = 0b0000001'011;
constexpr u32 kDiv = 0b0000001'100;
constexpr u32 kDivu = 0b0000001'101;
constexpr u32 kRem = 0b0000001'110;
constexpr u32 kRemu = 0b0000001'111;
constexpr u32 kSub = 0b0100000'000;
constexpr u32 kSll = 0b001;
constexpr u32 kSlt = 0b010;
constexpr u32 kSltu = 0b011;
constexpr u32 kSrl = 0b101;
constexpr u32 kSra = 0b0100000'101;

class Arithmetic : public ::testing::Test {
protected:
    u64 of(u32 operation, u64 a, u64 b) { return program.compute(op(operation, a2, a0, a1), a, b); }
    u64 of_words(u32 operation, u64 a, u64 b) {
        return program.compute(op_32(operation, a2, a0, a1), a, b);
    }
    u64 of_immediate(u32 funct3, u64 a, u64 immediate) {
        return program.compute(make::i(Opcode::kOpImm, funct3, a2, a0, immediate), a);
    }
    u64 of_immediate_word(u32 funct3, u64 a, u64 immediate) {
        return program.compute(make::i(Opcode::kOpImm32, funct3, a2, a0, immediate), a);
    }

    UserProgram program;
};

TEST_F(Arithmetic, SumsWrap) {
    EXPECT_EQ(of(0, kMax, 1), kMin);
    EXPECT_EQ(of(0, kMinusOne, 1), 0u);
    EXPECT_EQ(of(kSub, 0, 1), kMinusOne);
    EXPECT_EQ(of_immediate(0, 0, 0x800), kMinusOne - 0x7ff);
    EXPECT_EQ(of_immediate(0, 1, 0x7ff), 0x800u);
}

TEST_F(Arithmetic, SumsOfWordsAreExtendedByTheirSign) {
    EXPECT_EQ(of_words(0, 0x7fff'ffff, 1), kMinWord);
    EXPECT_EQ(of_words(0, 0xffff'ffff, 1), 0u);
    EXPECT_EQ(of_words(kSub, 0, 1), kMinusOne);
    EXPECT_EQ(of_words(kSub, 0x1'0000'0000, 0), 0u);
    EXPECT_EQ(of_immediate_word(0, 0x1'8000'0000, 0), kMinWord);
    EXPECT_EQ(of_immediate_word(0, 0x7fff'ffff, 1), kMinWord);
}

TEST_F(Arithmetic, ComparisonsKnowSigns) {
    EXPECT_EQ(of(kSlt, kMinusOne, 0), 1u);
    EXPECT_EQ(of(kSltu, kMinusOne, 0), 0u);
    EXPECT_EQ(of(kSlt, kMax, kMin), 0u);
    EXPECT_EQ(of(kSltu, kMax, kMin), 1u);
    EXPECT_EQ(of(kSlt, 5, 5), 0u);
    EXPECT_EQ(of_immediate(kSlt, kMin, 0xfff), 1u);
    EXPECT_EQ(of_immediate(kSltu, 5, 0xfff), 1u) << "the immediate is extended, then unsigned";
    EXPECT_EQ(of_immediate(kSltu, 0, 1), 1u);
}

TEST_F(Arithmetic, BitsCombine) {
    EXPECT_EQ(of(0b100, 0b1100, 0b1010), 0b0110u);
    EXPECT_EQ(of(0b110, 0b1100, 0b1010), 0b1110u);
    EXPECT_EQ(of(0b111, 0b1100, 0b1010), 0b1000u);
    EXPECT_EQ(of_immediate(0b100, 5, 0xfff), ~u64{5});
    EXPECT_EQ(of_immediate(0b110, 5, 0x800), kMinusOne - 0x7ff + 5);
    EXPECT_EQ(of_immediate(0b111, kMinusOne, 0x7ff), 0x7ffu);
}

TEST_F(Arithmetic, ShiftsTakeSixBitsOfTheAmount) {
    EXPECT_EQ(of(kSll, 1, 63), kMin);
    EXPECT_EQ(of(kSll, 1, 64), 1u);
    EXPECT_EQ(of(kSll, 1, 0xffff'ff41), 2u);
    EXPECT_EQ(of(kSrl, kMin, 63), 1u);
    EXPECT_EQ(of(kSra, kMin, 63), kMinusOne);
    EXPECT_EQ(of(kSra, kMin, 127), kMinusOne);
    EXPECT_EQ(of_immediate(kSll, 3, 63), kMin);
    EXPECT_EQ(of_immediate(kSrl, kMinusOne, 32), 0xffff'ffffu);
    EXPECT_EQ(of_immediate(kSrl, kMin, 0x400 | 32), kMinWord) << "srai";
}

TEST_F(Arithmetic, ShiftsOfWordsTakeFiveBitsAndSeeOnlyTheWord) {
    EXPECT_EQ(of_words(kSll, 1, 31), kMinWord);
    EXPECT_EQ(of_words(kSll, 1, 32), 1u);
    EXPECT_EQ(of_words(kSll, 0xffff'ffff'0000'0001, 4), 16u);
    EXPECT_EQ(of_words(kSrl, 0xffff'ffff'8000'0000, 31), 1u);
    EXPECT_EQ(of_words(kSrl, 0x8000'0000, 32), kMinWord) << "by nothing, and extended";
    EXPECT_EQ(of_words(kSra, 0x8000'0000, 31), kMinusOne);
    EXPECT_EQ(of_words(kSra, 0xffff'ffff'4000'0000, 30), 1u);
    EXPECT_EQ(of_immediate_word(kSll, 1, 31), kMinWord);
    EXPECT_EQ(of_immediate_word(kSrl, 0xf'8000'0000, 0), kMinWord);
    EXPECT_EQ(of_immediate_word(kSrl, 0x8000'0000, 1), 0x4000'0000u);
    EXPECT_EQ(of_immediate_word(kSrl, 0x8000'0000, 0x400 | 1), 0xffff'ffff'c000'0000);
}

TEST_F(Arithmetic, ProductsHaveALowerAndThreeUpperHalves) {
    EXPECT_EQ(of(kMul, kMinusOne, kMinusOne), 1u);
    EXPECT_EQ(of(kMul, kMin, 3), kMin);
    EXPECT_EQ(of(kMulh, kMinusOne, kMinusOne), 0u);
    EXPECT_EQ(of(kMulh, kMin, kMin), u64{1} << 62);
    EXPECT_EQ(of(kMulh, kMin, 1), kMinusOne);
    EXPECT_EQ(of(kMulh, kMax, kMin), 0xc000'0000'0000'0000);
    EXPECT_EQ(of(kMulhu, kMinusOne, kMinusOne), kMinusOne - 1);
    EXPECT_EQ(of(kMulhu, kMin, 2), 1u);
    EXPECT_EQ(of(kMulhsu, kMinusOne, kMinusOne), kMinusOne);
    EXPECT_EQ(of(kMulhsu, 1, kMinusOne), 0u);
    EXPECT_EQ(of(kMulhsu, kMin, kMinusOne), kMin);
    EXPECT_EQ(of(kMulhsu, 2, kMin), 1u);
    EXPECT_EQ(of_words(kMul, 0x8000'0001, 2), 2u);
    EXPECT_EQ(of_words(kMul, 0x4000'0000, 2), kMinWord);
}

TEST_F(Arithmetic, DivisionByZeroGivesAllOnesAndTheDividendRemains) {
    for (const u64 a : {u64{0}, u64{7}, kMinusOne, kMin, kMinWord}) {
        EXPECT_EQ(of(kDiv, a, 0), kMinusOne);
        EXPECT_EQ(of(kDivu, a, 0), kMinusOne);
        EXPECT_EQ(of(kRem, a, 0), a);
        EXPECT_EQ(of(kRemu, a, 0), a);
    }
    constexpr u64 kZeroWord = 0x5555'5555'0000'0000;  // its word is zero
    EXPECT_EQ(of_words(kDiv, 7, kZeroWord), kMinusOne);
    EXPECT_EQ(of_words(kDivu, 7, kZeroWord), kMinusOne);
    EXPECT_EQ(of_words(kRem, 0x1'8000'0000, kZeroWord), kMinWord);
    EXPECT_EQ(of_words(kRemu, 0x1'8000'0000, kZeroWord), kMinWord);
}

TEST_F(Arithmetic, TheOneOverflowOfDivisionGivesTheDividendAndNoRemainder) {
    EXPECT_EQ(of(kDiv, kMin, kMinusOne), kMin);
    EXPECT_EQ(of(kRem, kMin, kMinusOne), 0u);
    EXPECT_EQ(of_words(kDiv, 0x8000'0000, 0xffff'ffff), kMinWord);
    EXPECT_EQ(of_words(kRem, 0x8000'0000, 0xffff'ffff), 0u);
    EXPECT_EQ(of(kDivu, kMin, kMinusOne), 0u);
    EXPECT_EQ(of(kRemu, kMin, kMinusOne), kMin);
}

TEST_F(Arithmetic, QuotientsRoundToZeroAndRemaindersHaveTheDividendsSign) {
    const auto negative = [](u64 value) { return u64{0} - value; };
    EXPECT_EQ(of(kDiv, negative(7), 2), negative(3));
    EXPECT_EQ(of(kRem, negative(7), 2), negative(1));
    EXPECT_EQ(of(kDiv, 7, negative(2)), negative(3));
    EXPECT_EQ(of(kRem, 7, negative(2)), 1u);
    EXPECT_EQ(of(kDivu, negative(8), 2), kMax - 3);
    EXPECT_EQ(of_words(kDiv, negative(7), 2), negative(3));
    EXPECT_EQ(of_words(kRem, negative(7), 2), negative(1));
    EXPECT_EQ(of_words(kDivu, 0xffff'fffe, 1), kMinusOne - 1) << "unsigned, then extended";
    EXPECT_EQ(of_words(kRemu, 0xffff'fffe, 0xffff'ffff), kMinusOne - 1);
}

TEST_F(Arithmetic, UpperImmediatesAreExtendedByTheirSign) {
    EXPECT_EQ(program.compute(lui(a2, 0x8000'0000), 0), kMinWord);
    EXPECT_EQ(program.compute(lui(a2, 0x7fff'f000), 0), 0x7fff'f000u);
    EXPECT_EQ(program.compute(auipc(a2, 0x1000), 0), UserProgram::kCode + 0x1000);
    EXPECT_EQ(program.compute(auipc(a2, 0xffff'f000), 0), UserProgram::kCode - 0x1000);
}

TEST_F(Arithmetic, RegisterZeroStaysZero) {
    program.registers.x[zero] = 77;
    program.run_all({addi(zero, zero, 5), add(a2, zero, zero)});
    EXPECT_EQ(program.x(zero), 0u);
    EXPECT_EQ(program.x(a2), 0u);
}

/// Every operation of the two opcodes by funct7 and funct3: legal are those that the tests above
/// name, and no other.
TEST_F(Arithmetic, OnlyTheOperationsOfTheTableAreLegal) {
    for (const Opcode opcode : {Opcode::kOp, Opcode::kOp32}) {
        const bool words = opcode == Opcode::kOp32;
        unsigned legal = 0;
        for (u32 operation = 0; operation < 1024; ++operation) {
            const u32 instruction = make::r(opcode, operation, a2, a0, a1);
            const Stop stop = program.run({instruction});
            if (stop.cause == Cause::kSteps) {
                ++legal;
                continue;
            }
            EXPECT_EQ(stop, (Stop{Cause::kIllegalInstruction, instruction, 0}));
        }
        EXPECT_EQ(legal, words ? 10u : 18u);
    }
}

TEST_F(Arithmetic, ShiftsByTooMuchAreIllegal) {
    const auto cause_of = [this](u32 instruction) { return program.trap(instruction).cause; };
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm, kSll, a2, a0, 64)), Cause::kIllegalInstruction);
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm, kSll, a2, a0, 0x400)), Cause::kIllegalInstruction);
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm, kSrl, a2, a0, 64)), Cause::kIllegalInstruction);
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm32, kSll, a2, a0, 32)), Cause::kIllegalInstruction);
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm32, kSrl, a2, a0, 0x420)), Cause::kIllegalInstruction);
    EXPECT_EQ(cause_of(make::i(Opcode::kOpImm32, kSlt, a2, a0, 1)), Cause::kIllegalInstruction);
}

}  // namespace
}  // namespace interpreter_tests
