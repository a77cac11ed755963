// Instructions by their names, for tests that write programs: what the assembler would make of
// `add a0, a1, a2` is add(a0, a1, a2).
#pragma once

#include "tests/host/interpreter/instruction.h"

namespace interpreter_tests {

using host::interpreter::Opcode;
using kernel::u16;
using kernel::u32;
using kernel::u64;
using kernel::u8;
using kernel::usize;

/// Registers by the names of the calling convention.
enum Register : u32 {
    // clang-format off
    zero, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5,
    a6, a7, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6,
    // clang-format on
};

// Orders of atomic instructions, to be given as their last operand.
inline constexpr u32 kRelaxed = 0b00;
inline constexpr u32 kRl = 0b01;
inline constexpr u32 kAq = 0b10;
inline constexpr u32 kAqRl = 0b11;

namespace mnemonics {

namespace make = host::interpreter::make;

/// An instruction of OP or OP-32: `operation` is funct7 and funct3.
constexpr u32 op(u32 operation, u32 rd, u32 rs1, u32 rs2) {
    return make::r(Opcode::kOp, operation, rd, rs1, rs2);
}
constexpr u32 op_32(u32 operation, u32 rd, u32 rs1, u32 rs2) {
    return make::r(Opcode::kOp32, operation, rd, rs1, rs2);
}
constexpr u32 add(u32 rd, u32 rs1, u32 rs2) { return op(0, rd, rs1, rs2); }

constexpr u32 addi(u32 rd, u32 rs1, u64 value) {
    return make::i(Opcode::kOpImm, 0b000, rd, rs1, value);
}
constexpr u32 slli(u32 rd, u32 rs1, u64 amount) {
    return make::i(Opcode::kOpImm, 0b001, rd, rs1, amount);
}
constexpr u32 xori(u32 rd, u32 rs1, u64 value) {
    return make::i(Opcode::kOpImm, 0b100, rd, rs1, value);
}
constexpr u32 lui(u32 rd, u64 value) { return make::u(Opcode::kLui, rd, value); }
constexpr u32 auipc(u32 rd, u64 value) { return make::u(Opcode::kAuipc, rd, value); }

/// A load or store by its funct3: the width, and for loads the sign.
constexpr u32 load(u32 funct3, u32 rd, u64 offset, u32 rs1) {
    return make::i(Opcode::kLoad, funct3, rd, rs1, offset);
}
constexpr u32 store(u32 funct3, u32 rs2, u64 offset, u32 rs1) {
    return make::s(Opcode::kStore, funct3, rs1, rs2, offset);
}
constexpr u32 lhu(u32 rd, u64 offset, u32 rs1) { return load(0b101, rd, offset, rs1); }
constexpr u32 lw(u32 rd, u64 offset, u32 rs1) { return load(0b010, rd, offset, rs1); }
constexpr u32 ld(u32 rd, u64 offset, u32 rs1) { return load(0b011, rd, offset, rs1); }
constexpr u32 sb(u32 rs2, u64 offset, u32 rs1) { return store(0b000, rs2, offset, rs1); }
constexpr u32 sh(u32 rs2, u64 offset, u32 rs1) { return store(0b001, rs2, offset, rs1); }
constexpr u32 sw(u32 rs2, u64 offset, u32 rs1) { return store(0b010, rs2, offset, rs1); }
constexpr u32 sd(u32 rs2, u64 offset, u32 rs1) { return store(0b011, rs2, offset, rs1); }

/// A branch by its funct3, the condition.
constexpr u32 branch(u32 funct3, u32 rs1, u32 rs2, u64 offset) {
    return make::b(Opcode::kBranch, funct3, rs1, rs2, offset);
}
constexpr u32 beq(u32 rs1, u32 rs2, u64 offset) { return branch(0b000, rs1, rs2, offset); }
constexpr u32 bne(u32 rs1, u32 rs2, u64 offset) { return branch(0b001, rs1, rs2, offset); }
constexpr u32 bltu(u32 rs1, u32 rs2, u64 offset) { return branch(0b110, rs1, rs2, offset); }
constexpr u32 jal(u32 rd, u64 offset) { return make::j(Opcode::kJal, rd, offset); }
constexpr u32 jalr(u32 rd, u64 offset, u32 rs1) {
    return make::i(Opcode::kJalr, 0b000, rd, rs1, offset);
}

/// An atomic instruction by its funct5, of 4 or 8 bytes.
constexpr u32 atomic(u32 funct5, u32 size, u32 rd, u32 rs2, u32 rs1, u32 order = kRelaxed) {
    const u32 funct3 = size == 4 ? 0b010 : 0b011;
    return make::r(Opcode::kAmo, (funct5 << 2 | order) << 3 | funct3, rd, rs1, rs2);
}
constexpr u32 lr(u32 size, u32 rd, u32 rs1, u32 order = kRelaxed) {
    return atomic(0b00010, size, rd, 0, rs1, order);
}
constexpr u32 sc(u32 size, u32 rd, u32 rs2, u32 rs1, u32 order = kRelaxed) {
    return atomic(0b00011, size, rd, rs2, rs1, order);
}
constexpr u32 amoadd(u32 size, u32 rd, u32 rs2, u32 rs1, u32 order = kRelaxed) {
    return atomic(0b00000, size, rd, rs2, rs1, order);
}

constexpr u32 fence(u32 predecessors, u32 successors) {
    return make::i(Opcode::kMiscMem, 0b000, 0, 0, predecessors << 4 | successors);
}
inline constexpr u32 kFenceI = make::i(Opcode::kMiscMem, 0b001, 0, 0, 0);
inline constexpr u32 kEcall = make::i(Opcode::kSystem, 0, 0, 0, 0x000);
inline constexpr u32 kEbreak = make::i(Opcode::kSystem, 0, 0, 0, 0x001);
inline constexpr u32 kSret = make::i(Opcode::kSystem, 0, 0, 0, 0x102);
inline constexpr u32 kMret = make::i(Opcode::kSystem, 0, 0, 0, 0x302);
inline constexpr u32 kWfi = make::i(Opcode::kSystem, 0, 0, 0, 0x105);
inline constexpr u32 kSfenceVma = make::i(Opcode::kSystem, 0, 0, 0, 0x120);
inline constexpr u16 kCompressedEbreak = 0x9002;

/// c.j, c.beqz and c.bnez, which store their offsets out of order; the register is x8 + `upper`.
constexpr u32 c_j(u64 offset) {
    const host::interpreter::Instruction from{static_cast<u32>(offset)};
    return 0xa001 | from.field(11, 11) << 12 | from.field(4, 4) << 11 | from.field(9, 8) << 9 |
           from.field(10, 10) << 8 | from.field(6, 6) << 7 | from.field(7, 7) << 6 |
           from.field(3, 1) << 3 | from.field(5, 5) << 2;
}
constexpr u32 c_branch(bool if_not_zero, u32 upper, u64 offset) {
    const host::interpreter::Instruction from{static_cast<u32>(offset)};
    return (if_not_zero ? 0xe001 : 0xc001) | from.field(8, 8) << 12 | from.field(4, 3) << 10 |
           upper << 7 | from.field(7, 6) << 5 | from.field(2, 1) << 3 | from.field(5, 5) << 2;
}

/// An instruction on a CSR by its funct3; `source` is a register or an immediate.
constexpr u32 csr(u32 funct3, u32 rd, u32 number, u32 source) {
    return make::i(Opcode::kSystem, funct3, rd, source, number);
}
constexpr u32 csrrw(u32 rd, u32 number, u32 rs1) { return csr(0b001, rd, number, rs1); }
constexpr u32 csrrs(u32 rd, u32 number, u32 rs1) { return csr(0b010, rd, number, rs1); }
constexpr u32 csrw(u32 number, u32 rs1) { return csrrw(0, number, rs1); }
constexpr u32 csrr(u32 rd, u32 number) { return csrrs(rd, number, 0); }

}  // namespace mnemonics
}  // namespace interpreter_tests
