// MemoryInstruction: what is an access and what is not; the floating-point ones, which the
// interpreter does not know, by a table.
#include <gtest/gtest.h>

#include "arch/riscv64/isa/encoding.h"
#include "arch/riscv64/isa/expand_compressed.h"
#include "arch/riscv64/isa/memory_instruction.h"

namespace arch::riscv64::isa {
namespace {

using Kind = MemoryInstruction::Kind;

std::optional<MemoryInstruction> decode(u32 encoding) {
    return MemoryInstruction::decode(is_compressed(encoding) ? expand_compressed(encoding)
                                                             : encoding);
}

struct Row {
    const char* text;
    u32 encoding;
    Kind kind;
    u8 size;
    u8 rd, rs1, rs2;
    kernel::i32 offset;
};

/// As riscv64-linux-gnu-as encodes them.
constexpr Row kFloats[] = {
    {"flw fa0, -4(a1)", 0xffc5a507, Kind::kLoad, 4, 10, 11, 0, -4},
    {"fld ft3, 2040(sp)", 0x7f813187, Kind::kLoad, 8, 3, 2, 0, 2040},
    {"fsw fs11, 12(t0)", 0x01b2a627, Kind::kStore, 4, 0, 5, 27, 12},
    {"fsd fa7, -2048(t6)", 0x811fb027, Kind::kStore, 8, 0, 31, 17, -2048},
    {"c.fld fa0, 248(a5)", 0x3fe8, Kind::kLoad, 8, 10, 15, 0, 248},
    {"c.fsd fs1, 8(s0)", 0xa404, Kind::kStore, 8, 0, 8, 9, 8},
    {"c.fldsp ft0, 504(sp)", 0x307e, Kind::kLoad, 8, 0, 2, 0, 504},
    {"c.fsdsp fs0, 64(sp)", 0xa0a2, Kind::kStore, 8, 0, 2, 8, 64},
};

TEST(MemoryInstruction, FloatsAreKnownWithAllTheirFields) {
    for (const Row& row : kFloats) {
        const auto decoded = decode(row.encoding);
        ASSERT_TRUE(decoded.has_value()) << row.text;
        EXPECT_TRUE(decoded->is_float) << row.text;
        EXPECT_EQ(decoded->kind, row.kind) << row.text;
        EXPECT_EQ(decoded->size, row.size) << row.text;
        EXPECT_EQ(decoded->rd, row.rd) << row.text;
        EXPECT_EQ(decoded->rs1, row.rs1) << row.text;
        EXPECT_EQ(decoded->rs2, row.rs2) << row.text;
        EXPECT_EQ(decoded->offset, row.offset) << row.text;
    }
}

TEST(MemoryInstruction, WhatDoesNotAccessMemoryIsNone) {
    constexpr u32 kOthers[] = {
        0x00000013,  // nop
        0x00000073,  // ecall
        0x0000000f,  // fence
        0x0000100f,  // fence.i
        0x0000006f,  // jal
        0x00008067,  // ret
        0x00a5f553,  // fadd
        0x0005f007,  // flq, a vector's width
        0x02057007,  // vle64.v
        0x00057003,  // a load of funct3 7
        0x00a04023 | 4 << 12,
        0x1015a52f,  // lr.w with rs2
        0x0005852f,  // amoadd.b
        0x2805a52f,  // funct5 00101
        0x0000,      // illegal
        0x0001,      // c.nop
        0x4002,      // c.lwsp x0: reserved
        0x6002,      // c.ldsp x0: reserved
        0x8082,      // c.ret
        0x9002,      // c.ebreak
    };
    for (const u32 encoding : kOthers) {
        EXPECT_FALSE(decode(encoding).has_value()) << std::hex << encoding;
    }
}

}  // namespace
}  // namespace arch::riscv64::isa
