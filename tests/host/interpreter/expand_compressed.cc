// The 16-bit encodings, quadrant by quadrant, each written as the 32-bit instruction it stands for.
#include "tests/host/interpreter/expand_compressed.h"

namespace host::interpreter {

namespace {

constexpr u32 kLink = 1;   // ra
constexpr u32 kStack = 2;  // sp
constexpr u32 kWord = 2;   // funct3 of lw, sw, ld and sd
constexpr u32 kDouble = 3;

/// The fields of a 16-bit encoding.
struct Compressed {
    u32 bits;

    constexpr u32 field(unsigned high, unsigned low) const {
        return Instruction{bits}.field(high, low);
    }
    constexpr u32 quadrant() const { return field(1, 0); }
    constexpr u32 funct3() const { return field(15, 13); }
    /// A register of five bits, and those of three bits, which name x8 to x15.
    constexpr u32 rd() const { return field(11, 7); }
    constexpr u32 rs2() const { return field(6, 2); }
    constexpr u32 upper() const { return 8 + field(9, 7); }
    constexpr u32 lower() const { return 8 + field(4, 2); }
    /// Six bits that most immediates are, without and with a sign.
    constexpr u32 shift_amount() const { return field(12, 12) << 5 | field(6, 2); }
    constexpr u64 immediate() const { return sign_extended(shift_amount(), 6); }

    // Offsets of loads and stores count in what they move, and are stored in the bits that suit
    // the hardware.
    constexpr u32 word_offset() const {
        return field(5, 5) << 6 | field(12, 10) << 3 | field(6, 6) << 2;
    }
    constexpr u32 double_offset() const { return field(6, 5) << 6 | field(12, 10) << 3; }
    constexpr u32 stack_load_word_offset() const {
        return field(3, 2) << 6 | field(12, 12) << 5 | field(6, 4) << 2;
    }
    constexpr u32 stack_load_double_offset() const {
        return field(4, 2) << 6 | field(12, 12) << 5 | field(6, 5) << 3;
    }
    constexpr u32 stack_store_word_offset() const { return field(8, 7) << 6 | field(12, 9) << 2; }
    constexpr u32 stack_store_double_offset() const {
        return field(9, 7) << 6 | field(12, 10) << 3;
    }
    constexpr u32 stack_address_offset() const {
        return field(10, 7) << 6 | field(12, 11) << 4 | field(5, 5) << 3 | field(6, 6) << 2;
    }
    constexpr u64 stack_adjustment() const {
        return sign_extended(field(12, 12) << 9 | field(4, 3) << 7 | field(5, 5) << 6 |
                                 field(2, 2) << 5 | field(6, 6) << 4,
                             10);
    }
    constexpr u64 branch_offset() const {
        return sign_extended(field(12, 12) << 8 | field(6, 5) << 6 | field(2, 2) << 5 |
                                 field(11, 10) << 3 | field(4, 3) << 1,
                             9);
    }
    constexpr u64 jump_offset() const {
        return sign_extended(field(12, 12) << 11 | field(8, 8) << 10 | field(10, 9) << 8 |
                                 field(6, 6) << 7 | field(7, 7) << 6 | field(2, 2) << 5 |
                                 field(11, 11) << 4 | field(5, 3) << 1,
                             12);
    }
};

u32 add_immediate(u32 rd, u32 rs1, u64 value) {
    return make::i(Opcode::kOpImm, 0b000, rd, rs1, value);
}
u32 add(u32 rd, u32 rs1, u32 rs2) { return make::r(Opcode::kOp, 0, rd, rs1, rs2); }

/// Quadrant 0: loads and stores by a register, and the address of something on the stack.
u32 expand_quadrant_0(Compressed c) {
    switch (c.funct3()) {
        case 0b000:  // c.addi4spn
            if (c.stack_address_offset() == 0) return kNoInstruction;
            return add_immediate(c.lower(), kStack, c.stack_address_offset());
        case 0b010:  // c.lw
            return make::i(Opcode::kLoad, kWord, c.lower(), c.upper(), c.word_offset());
        case 0b011:  // c.ld
            return make::i(Opcode::kLoad, kDouble, c.lower(), c.upper(), c.double_offset());
        case 0b110:  // c.sw
            return make::s(Opcode::kStore, kWord, c.upper(), c.lower(), c.word_offset());
        case 0b111:  // c.sd
            return make::s(Opcode::kStore, kDouble, c.upper(), c.lower(), c.double_offset());
        default:  // floating point, and reserved
            return kNoInstruction;
    }
}

/// c.sub to c.addw: both operands and the result among x8 to x15.
u32 expand_register_arithmetic(Compressed c) {
    const auto both = [c](Opcode opcode, u32 operation) {
        return make::r(opcode, operation, c.upper(), c.upper(), c.lower());
    };
    switch (c.field(12, 12) << 2 | c.field(6, 5)) {
        case 0b000:  // c.sub
            return both(Opcode::kOp, 0b0100000'000);
        case 0b001:  // c.xor
            return both(Opcode::kOp, 0b100);
        case 0b010:  // c.or
            return both(Opcode::kOp, 0b110);
        case 0b011:  // c.and
            return both(Opcode::kOp, 0b111);
        case 0b100:  // c.subw
            return both(Opcode::kOp32, 0b0100000'000);
        case 0b101:  // c.addw
            return both(Opcode::kOp32, 0b000);
        default:
            return kNoInstruction;
    }
}

/// c.srli, c.srai, c.andi, and operations on two registers.
u32 expand_arithmetic(Compressed c) {
    constexpr u32 kArithmeticShift = 0b010000'000000;
    switch (c.field(11, 10)) {
        case 0b00:  // c.srli
            return make::i(Opcode::kOpImm, 0b101, c.upper(), c.upper(), c.shift_amount());
        case 0b01:  // c.srai
            return make::i(Opcode::kOpImm, 0b101, c.upper(), c.upper(),
                           kArithmeticShift | c.shift_amount());
        case 0b10:  // c.andi
            return make::i(Opcode::kOpImm, 0b111, c.upper(), c.upper(), c.immediate());
        default:
            return expand_register_arithmetic(c);
    }
}

/// Quadrant 1: immediates, arithmetic, branches.
u32 expand_quadrant_1(Compressed c) {
    switch (c.funct3()) {
        case 0b000:  // c.addi, c.nop
            return add_immediate(c.rd(), c.rd(), c.immediate());
        case 0b001:  // c.addiw
            if (c.rd() == 0) return kNoInstruction;
            return make::i(Opcode::kOpImm32, 0b000, c.rd(), c.rd(), c.immediate());
        case 0b010:  // c.li
            return add_immediate(c.rd(), 0, c.immediate());
        case 0b011:
            if (c.immediate() == 0) return kNoInstruction;
            if (c.rd() == kStack) return add_immediate(kStack, kStack, c.stack_adjustment());
            return make::u(Opcode::kLui, c.rd(), c.immediate() << 12);
        case 0b100:
            return expand_arithmetic(c);
        case 0b101:  // c.j
            return make::j(Opcode::kJal, 0, c.jump_offset());
        case 0b110:  // c.beqz
            return make::b(Opcode::kBranch, 0b000, c.upper(), 0, c.branch_offset());
        default:  // c.bnez
            return make::b(Opcode::kBranch, 0b001, c.upper(), 0, c.branch_offset());
    }
}

/// c.jr, c.mv, c.ebreak, c.jalr and c.add.
u32 expand_moves_and_jumps(Compressed c) {
    const bool second = c.field(12, 12) != 0;
    if (c.rs2() != 0) return add(c.rd(), second ? c.rd() : 0, c.rs2());
    if (c.rd() != 0) return make::i(Opcode::kJalr, 0b000, second ? kLink : 0, c.rd(), 0);
    return second ? make::i(Opcode::kSystem, 0b000, 0, 0, 1) : kNoInstruction;
}

/// Quadrant 2: loads and stores on the stack, any register moved, added or jumped to.
u32 expand_quadrant_2(Compressed c) {
    switch (c.funct3()) {
        case 0b000:  // c.slli
            return make::i(Opcode::kOpImm, 0b001, c.rd(), c.rd(), c.shift_amount());
        case 0b010:  // c.lwsp
            if (c.rd() == 0) return kNoInstruction;
            return make::i(Opcode::kLoad, kWord, c.rd(), kStack, c.stack_load_word_offset());
        case 0b011:  // c.ldsp
            if (c.rd() == 0) return kNoInstruction;
            return make::i(Opcode::kLoad, kDouble, c.rd(), kStack, c.stack_load_double_offset());
        case 0b100:
            return expand_moves_and_jumps(c);
        case 0b110:  // c.swsp
            return make::s(Opcode::kStore, kWord, kStack, c.rs2(), c.stack_store_word_offset());
        case 0b111:  // c.sdsp
            return make::s(Opcode::kStore, kDouble, kStack, c.rs2(), c.stack_store_double_offset());
        default:  // floating point
            return kNoInstruction;
    }
}

}  // namespace

u32 expand_compressed(u16 compressed) {
    const Compressed c{compressed};
    switch (c.quadrant()) {
        case 0:
            return expand_quadrant_0(c);
        case 1:
            return expand_quadrant_1(c);
        case 2:
            return expand_quadrant_2(c);
        default:  // the beginning of a longer one
            return kNoInstruction;
    }
}

}  // namespace host::interpreter
