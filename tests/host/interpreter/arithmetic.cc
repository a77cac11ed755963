// The computational instructions of I and M. Cases are funct7 and funct3, as the tables of the
// Unprivileged ISA have them.
#include "tests/host/interpreter/arithmetic.h"

namespace host::interpreter {

namespace {

using Wide = __int128;
using UnsignedWide = unsigned __int128;

i64 as_signed(u64 value) { return static_cast<i64>(value); }
u64 extend_word(u64 value) { return sign_extended(value, 32); }

u64 shift_right_arithmetic(u64 value, u64 amount) {
    return static_cast<u64>(as_signed(value) >> amount);
}

// The upper halves of products of 128 bits.
u64 upper_signed(u64 a, u64 b) {
    return static_cast<u64>(Wide{as_signed(a)} * Wide{as_signed(b)} >> 64);
}
u64 upper_mixed(u64 a, u64 b) {
    return static_cast<u64>(Wide{as_signed(a)} * static_cast<Wide>(b) >> 64);
}
u64 upper_unsigned(u64 a, u64 b) {
    return static_cast<u64>(UnsignedWide{a} * UnsignedWide{b} >> 64);
}

// Division never traps: by zero it gives all ones and leaves the dividend as the remainder; the
// one overflow gives the dividend and no remainder (chapter "M", table of division by zero).
template <class Signed>
Signed quotient(Signed a, Signed b) {
    if (b == 0) return -1;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return a;
    return a / b;
}
template <class Signed>
Signed remainder(Signed a, Signed b) {
    if (b == 0) return a;
    if (b == -1) return 0;
    return a % b;
}
template <class Unsigned>
Unsigned unsigned_quotient(Unsigned a, Unsigned b) {
    return b == 0 ? std::numeric_limits<Unsigned>::max() : a / b;
}
template <class Unsigned>
Unsigned unsigned_remainder(Unsigned a, Unsigned b) {
    return b == 0 ? a : a % b;
}

}  // namespace

Computed compute_op(Instruction instruction, u64 a, u64 b) {
    switch (instruction.operation()) {
        case 0b0000000'000:  // add
            return a + b;
        case 0b0100000'000:  // sub
            return a - b;
        case 0b0000000'001:  // sll
            return a << (b & 63);
        case 0b0000000'010:  // slt
            return as_signed(a) < as_signed(b) ? 1 : 0;
        case 0b0000000'011:  // sltu
            return a < b ? 1 : 0;
        case 0b0000000'100:  // xor
            return a ^ b;
        case 0b0000000'101:  // srl
            return a >> (b & 63);
        case 0b0100000'101:  // sra
            return shift_right_arithmetic(a, b & 63);
        case 0b0000000'110:  // or
            return a | b;
        case 0b0000000'111:  // and
            return a & b;
        case 0b0000001'000:  // mul
            return a * b;
        case 0b0000001'001:  // mulh
            return upper_signed(a, b);
        case 0b0000001'010:  // mulhsu
            return upper_mixed(a, b);
        case 0b0000001'011:  // mulhu
            return upper_unsigned(a, b);
        case 0b0000001'100:  // div
            return static_cast<u64>(quotient(as_signed(a), as_signed(b)));
        case 0b0000001'101:  // divu
            return unsigned_quotient(a, b);
        case 0b0000001'110:  // rem
            return static_cast<u64>(remainder(as_signed(a), as_signed(b)));
        case 0b0000001'111:  // remu
            return unsigned_remainder(a, b);
        default:
            return std::nullopt;
    }
}

Computed compute_op_32(Instruction instruction, u64 a, u64 b) {
    const u32 word_a = static_cast<u32>(a);
    const u32 word_b = static_cast<u32>(b);
    const i32 signed_a = static_cast<i32>(word_a);
    const i32 signed_b = static_cast<i32>(word_b);
    switch (instruction.operation()) {
        case 0b0000000'000:  // addw
            return extend_word(a + b);
        case 0b0100000'000:  // subw
            return extend_word(a - b);
        case 0b0000000'001:  // sllw
            return extend_word(word_a << (b & 31));
        case 0b0000000'101:  // srlw
            return extend_word(word_a >> (b & 31));
        case 0b0100000'101:  // sraw
            return shift_right_arithmetic(extend_word(a), b & 31);
        case 0b0000001'000:  // mulw
            return extend_word(a * b);
        case 0b0000001'100:  // divw
            return extend_word(static_cast<u32>(quotient(signed_a, signed_b)));
        case 0b0000001'101:  // divuw
            return extend_word(unsigned_quotient(word_a, word_b));
        case 0b0000001'110:  // remw
            return extend_word(static_cast<u32>(remainder(signed_a, signed_b)));
        case 0b0000001'111:  // remuw
            return extend_word(unsigned_remainder(word_a, word_b));
        default:
            return std::nullopt;
    }
}

Computed compute_immediate(Instruction instruction, u64 a) {
    const u64 immediate = instruction.immediate_i();
    const u32 amount = instruction.field(25, 20);  // of shifts, below their funct6
    switch (instruction.funct3()) {
        case 0b000:  // addi
            return a + immediate;
        case 0b010:  // slti
            return as_signed(a) < as_signed(immediate) ? 1 : 0;
        case 0b011:  // sltiu
            return a < immediate ? 1 : 0;
        case 0b100:  // xori
            return a ^ immediate;
        case 0b110:  // ori
            return a | immediate;
        case 0b111:  // andi
            return a & immediate;
        default:
            break;
    }
    switch (instruction.field(31, 26) << 3 | instruction.funct3()) {
        case 0b000000'001:  // slli
            return a << amount;
        case 0b000000'101:  // srli
            return a >> amount;
        case 0b010000'101:  // srai
            return shift_right_arithmetic(a, amount);
        default:
            return std::nullopt;
    }
}

Computed compute_immediate_32(Instruction instruction, u64 a) {
    if (instruction.funct3() == 0b000) return extend_word(a + instruction.immediate_i());  // addiw
    const u32 amount = instruction.rs2();
    switch (instruction.operation()) {
        case 0b0000000'001:  // slliw
            return extend_word(a << amount);
        case 0b0000000'101:  // srliw
            return extend_word(static_cast<u32>(a) >> amount);
        case 0b0100000'101:  // sraiw
            return shift_right_arithmetic(extend_word(a), amount);
        default:
            return std::nullopt;
    }
}

std::optional<bool> compare(Instruction instruction, u64 a, u64 b) {
    switch (instruction.funct3()) {
        case 0b000:  // beq
            return a == b;
        case 0b001:  // bne
            return a != b;
        case 0b100:  // blt
            return as_signed(a) < as_signed(b);
        case 0b101:  // bge
            return as_signed(a) >= as_signed(b);
        case 0b110:  // bltu
            return a < b;
        case 0b111:  // bgeu
            return a >= b;
        default:
            return std::nullopt;
    }
}

}  // namespace host::interpreter
