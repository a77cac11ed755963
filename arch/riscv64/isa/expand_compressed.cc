// Expansion, quadrant by quadrant.
#include "arch/riscv64/isa/expand_compressed.h"

namespace arch::riscv64::isa {
namespace {

constexpr u32 kStackPointer = 2;
// funct3 of loads and stores.
constexpr u32 kWord = 2;
constexpr u32 kDouble = 3;
/// In funct7: subtract rather than add, or shift in the sign.
constexpr u32 kOther = 0b0100000;

// The formats the other way round; immediates are cut.
constexpr u32 i_type(u32 opcode, u32 funct3, u32 rd, u32 rs1, u32 immediate) {
    return immediate << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
constexpr u32 s_type(u32 opcode, u32 funct3, u32 rs1, u32 rs2, u32 immediate) {
    return bits(immediate, 11, 5) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 |
           bits(immediate, 4, 0) << 7 | opcode;
}
constexpr u32 r_type(u32 opcode, u32 funct7, u32 funct3, u32 rd, u32 rs1, u32 rs2) {
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
constexpr u32 b_type(u32 funct3, u32 rs1, u32 offset) {
    return bits(offset, 12, 12) << 31 | bits(offset, 10, 5) << 25 | rs1 << 15 | funct3 << 12 |
           bits(offset, 4, 1) << 8 | bits(offset, 11, 11) << 7 | opcode::kBranch;
}
constexpr u32 j_type(u32 offset) {
    return bits(offset, 20, 20) << 31 | bits(offset, 10, 1) << 21 | bits(offset, 11, 11) << 20 |
           bits(offset, 19, 12) << 12 | opcode::kJal;
}

/// x8 to x15, by three bits.
constexpr u32 upper_of(u32 of) { return 8 + bits(of, 9, 7); }
constexpr u32 lower_of(u32 of) { return 8 + bits(of, 4, 2); }
/// Six bits that most immediates are.
constexpr u32 six_of(u32 of) { return bits(of, 12, 12) << 5 | bits(of, 6, 2); }
constexpr u32 immediate_of(u32 of) { return static_cast<u32>(signed_bits(six_of(of), 6)); }

/// Relative to a register.
u32 expand_quadrant_0(u32 from) {
    const u32 funct3 = bits(from, 15, 13);
    const u32 high = bits(from, 12, 10) << 3;
    const u32 of_word = high | bits(from, 6, 6) << 2 | bits(from, 5, 5) << 6;
    const u32 of_double = high | bits(from, 6, 5) << 6;
    const u32 base = upper_of(from);
    const u32 value = lower_of(from);
    switch (funct3) {
        case 0: {
            const u32 offset = bits(from, 10, 7) << 6 | bits(from, 12, 11) << 4 |
                               bits(from, 5, 5) << 3 | bits(from, 6, 6) << 2;
            return offset == 0 ? 0 : i_type(opcode::kOpImm, 0, value, kStackPointer, offset);
        }
        case 1:
            return i_type(opcode::kLoadFloat, kDouble, value, base, of_double);
        case 2:
            return i_type(opcode::kLoad, kWord, value, base, of_word);
        case 3:
            return i_type(opcode::kLoad, kDouble, value, base, of_double);
        case 5:
            return s_type(opcode::kStoreFloat, kDouble, base, value, of_double);
        case 6:
            return s_type(opcode::kStore, kWord, base, value, of_word);
        case 7:
            return s_type(opcode::kStore, kDouble, base, value, of_double);
        default:
            return 0;
    }
}

/// Of a register with another, or shifted, or masked.
u32 expand_arithmetic(u32 from) {
    constexpr u32 kShiftRight = 5;
    constexpr u32 kAnd = 7;
    const u32 rd = upper_of(from);
    switch (bits(from, 11, 10)) {
        case 0:
            return i_type(opcode::kOpImm, kShiftRight, rd, rd, six_of(from));
        case 1:
            return i_type(opcode::kOpImm, kShiftRight, rd, rd, six_of(from) | kOther << 5);
        case 2:
            return i_type(opcode::kOpImm, kAnd, rd, rd, immediate_of(from));
        default:
            break;
    }
    constexpr u32 kFunct3[] = {0, 4, 6, 7};  // sub xor or and
    const u32 which = bits(from, 6, 5);
    if (bits(from, 12, 12) == 0) {
        return r_type(opcode::kOp, which == 0 ? kOther : 0, kFunct3[which], rd, rd, lower_of(from));
    }
    if (which > 1) return 0;
    return r_type(opcode::kOp32, which == 0 ? kOther : 0, 0, rd, rd, lower_of(from));
}

u32 expand_quadrant_1(u32 from) {
    const u32 rd = rd_of(from);
    switch (bits(from, 15, 13)) {
        case 0:
            return i_type(opcode::kOpImm, 0, rd, rd, immediate_of(from));
        case 1:
            return rd == 0 ? 0 : i_type(opcode::kOpImm32, 0, rd, rd, immediate_of(from));
        case 2:
            return i_type(opcode::kOpImm, 0, rd, 0, immediate_of(from));
        case 3: {
            if (six_of(from) == 0) return 0;
            if (rd != kStackPointer) return immediate_of(from) << 12 | rd << 7 | opcode::kLui;
            const u32 offset = bits(from, 12, 12) << 9 | bits(from, 4, 3) << 7 |
                               bits(from, 5, 5) << 6 | bits(from, 2, 2) << 5 |
                               bits(from, 6, 6) << 4;
            return i_type(opcode::kOpImm, 0, rd, rd, static_cast<u32>(signed_bits(offset, 10)));
        }
        case 4:
            return expand_arithmetic(from);
        case 5: {
            const u32 offset = bits(from, 12, 12) << 11 | bits(from, 8, 8) << 10 |
                               bits(from, 10, 9) << 8 | bits(from, 6, 6) << 7 |
                               bits(from, 7, 7) << 6 | bits(from, 2, 2) << 5 |
                               bits(from, 11, 11) << 4 | bits(from, 5, 3) << 1;
            return j_type(static_cast<u32>(signed_bits(offset, 12)));
        }
        default: {
            const u32 offset = bits(from, 12, 12) << 8 | bits(from, 6, 5) << 6 |
                               bits(from, 2, 2) << 5 | bits(from, 11, 10) << 3 |
                               bits(from, 4, 3) << 1;
            return b_type(bits(from, 13, 13), upper_of(from),
                          static_cast<u32>(signed_bits(offset, 9)));
        }
    }
}

/// Relative to the stack pointer, and of all registers.
u32 expand_quadrant_2(u32 from) {
    const u32 rd = rd_of(from);
    const u32 rs2 = bits(from, 6, 2);
    const u32 high = bits(from, 12, 12) << 5;
    const u32 loaded_double = high | bits(from, 6, 5) << 3 | bits(from, 4, 2) << 6;
    const u32 stored_double = bits(from, 12, 10) << 3 | bits(from, 9, 7) << 6;
    switch (bits(from, 15, 13)) {
        case 0:
            return i_type(opcode::kOpImm, 1, rd, rd, six_of(from));
        case 1:
            return i_type(opcode::kLoadFloat, kDouble, rd, kStackPointer, loaded_double);
        case 2: {
            const u32 offset = high | bits(from, 6, 4) << 2 | bits(from, 3, 2) << 6;
            return rd == 0 ? 0 : i_type(opcode::kLoad, kWord, rd, kStackPointer, offset);
        }
        case 3:
            return rd == 0 ? 0 : i_type(opcode::kLoad, kDouble, rd, kStackPointer, loaded_double);
        case 4:
            // Without a second register: jumps and ebreak.
            if (rs2 == 0) return 0;
            return r_type(opcode::kOp, 0, 0, rd, bits(from, 12, 12) == 0 ? 0 : rd, rs2);
        case 5:
            return s_type(opcode::kStoreFloat, kDouble, kStackPointer, rs2, stored_double);
        case 6: {
            const u32 offset = bits(from, 12, 9) << 2 | bits(from, 8, 7) << 6;
            return s_type(opcode::kStore, kWord, kStackPointer, rs2, offset);
        }
        default:
            return s_type(opcode::kStore, kDouble, kStackPointer, rs2, stored_double);
    }
}

}  // namespace

u32 expand_compressed(u32 encoding) {
    switch (bits(encoding, 1, 0)) {
        case 0:
            return expand_quadrant_0(encoding & 0xffff);
        case 1:
            return expand_quadrant_1(encoding & 0xffff);
        default:
            return expand_quadrant_2(encoding & 0xffff);
    }
}

}  // namespace arch::riscv64::isa
