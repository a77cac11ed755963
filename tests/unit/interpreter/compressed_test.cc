// Compressed instructions: what each stands for, by pairs that binutils assembled, and which are
// none.
#include <gtest/gtest.h>

#include "tests/host/interpreter/expand_compressed.h"
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using host::interpreter::expand_compressed;
using host::interpreter::is_compressed;
using host::interpreter::kNoInstruction;

struct Pair {
    u16 compressed;
    u32 expanded;
};

/// At least one per instruction, and one per bit of each immediate that is stored out of order.
constexpr Pair kPairs[] = {
    {0x0040, 0x00410413},  // c.addi4spn x8,x2,4
    {0x003c, 0x00810793},  // c.addi4spn x15,x2,8
    {0x0804, 0x01010493},  // c.addi4spn x9,x2,16
    {0x0084, 0x04010493},  // c.addi4spn x9,x2,64
    {0x1fe4, 0x3fc10493},  // c.addi4spn x9,x2,1020
    {0x43c0, 0x0047a403},  // c.lw x8,4(x15)
    {0x4780, 0x0087a403},  // c.lw x8,8(x15)
    {0x40a0, 0x0404a403},  // c.lw x8,64(x9)
    {0x5c7c, 0x07c42783},  // c.lw x15,124(x8)
    {0x6780, 0x0087b403},  // c.ld x8,8(x15)
    {0x63a0, 0x0407b403},  // c.ld x8,64(x15)
    {0x63c0, 0x0807b403},  // c.ld x8,128(x15)
    {0x7de8, 0x0f85b503},  // c.ld x10,248(x11)
    {0xc3c0, 0x0087a223},  // c.sw x8,4(x15)
    {0xc2b0, 0x04c6a023},  // c.sw x12,64(x13)
    {0xdce0, 0x0684ae23},  // c.sw x8,124(x9)
    {0xe3c0, 0x0887b023},  // c.sd x8,128(x15)
    {0xfcf8, 0x0ee4bc23},  // c.sd x14,248(x9)
    {0x0001, 0x00000013},  // c.nop
    {0x0285, 0x00128293},  // c.addi x5,1
    {0x1ffd, 0xffff8f93},  // c.addi x31,-1
    {0x1f81, 0xfe0f8f93},  // c.addi x31,-32
    {0x0ffd, 0x01ff8f93},  // c.addi x31,31
    {0x2381, 0x0003839b},  // c.addiw x7,0
    {0x3381, 0xfe03839b},  // c.addiw x7,-32
    {0x5f81, 0xfe000f93},  // c.li x31,-32
    {0x40fd, 0x01f00093},  // c.li x1,31
    {0x6141, 0x01010113},  // c.addi16sp x2,16
    {0x6105, 0x02010113},  // c.addi16sp x2,32
    {0x6121, 0x04010113},  // c.addi16sp x2,64
    {0x6109, 0x08010113},  // c.addi16sp x2,128
    {0x6111, 0x10010113},  // c.addi16sp x2,256
    {0x617d, 0x1f010113},  // c.addi16sp x2,496
    {0x7101, 0xe0010113},  // c.addi16sp x2,-512
    {0x6085, 0x000010b7},  // c.lui x1,1
    {0x6ffd, 0x0001ffb7},  // c.lui x31,31
    {0x7181, 0xfffe01b7},  // c.lui x3,0xfffe0
    {0x8005, 0x00145413},  // c.srli x8,1
    {0x93fd, 0x03f7d793},  // c.srli x15,63
    {0x9401, 0x42045413},  // c.srai x8,32
    {0x97fd, 0x43f7d793},  // c.srai x15,63
    {0x987d, 0xfff47413},  // c.andi x8,-1
    {0x88fd, 0x01f4f493},  // c.andi x9,31
    {0x8c1d, 0x40f40433},  // c.sub x8,x15
    {0x8cb9, 0x00e4c4b3},  // c.xor x9,x14
    {0x8d55, 0x00d56533},  // c.or x10,x13
    {0x8df1, 0x00c5f5b3},  // c.and x11,x12
    {0x9e0d, 0x40b6063b},  // c.subw x12,x11
    {0x9ea9, 0x00a686bb},  // c.addw x13,x10
    {0xa009, 0x0020006f},  // c.j .+2
    {0xa801, 0x0100006f},  // c.j .+16
    {0xa005, 0x0200006f},  // c.j .+32
    {0xa081, 0x0400006f},  // c.j .+64
    {0xa041, 0x0800006f},  // c.j .+128
    {0xa201, 0x1000006f},  // c.j .+256
    {0xa101, 0x4000006f},  // c.j .+1024
    {0xaffd, 0x7fe0006f},  // c.j .+2046
    {0xb001, 0x801ff06f},  // c.j .-2048
    {0xc009, 0x00040163},  // c.beqz x8,.+2
    {0xc781, 0x00078463},  // c.beqz x15,.+8
    {0xc085, 0x02048063},  // c.beqz x9,.+32
    {0xc0a1, 0x04048063},  // c.beqz x9,.+64
    {0xccfd, 0x0e048f63},  // c.beqz x9,.+254
    {0xf101, 0xf00510e3},  // c.bnez x10,.-256
    {0x0086, 0x00109093},  // c.slli x1,1
    {0x1ffe, 0x03ff9f93},  // c.slli x31,63
    {0x4092, 0x00412083},  // c.lwsp x1,4(x2)
    {0x5f82, 0x02012f83},  // c.lwsp x31,32(x2)
    {0x5ffe, 0x0fc12f83},  // c.lwsp x31,252(x2)
    {0x60a2, 0x00813083},  // c.ldsp x1,8(x2)
    {0x7f82, 0x02013f83},  // c.ldsp x31,32(x2)
    {0x7ffe, 0x1f813f83},  // c.ldsp x31,504(x2)
    {0x8082, 0x00008067},  // c.jr x1
    {0x8f82, 0x000f8067},  // c.jr x31
    {0x80fe, 0x01f000b3},  // c.mv x1,x31
    {0x9002, 0x00100073},  // c.ebreak
    {0x9282, 0x000280e7},  // c.jalr x5
    {0x90fe, 0x01f080b3},  // c.add x1,x31
    {0xc202, 0x00012223},  // c.swsp x0,4(x2)
    {0xc0fe, 0x05f12023},  // c.swsp x31,64(x2)
    {0xdffe, 0x0ff12e23},  // c.swsp x31,252(x2)
    {0xe406, 0x00113423},  // c.sdsp x1,8(x2)
    {0xe0fe, 0x05f13023},  // c.sdsp x31,64(x2)
    {0xfffe, 0x1ff13c23},  // c.sdsp x31,504(x2)
};

TEST(Compressed, EachStandsForWhatBinutilsSay) {
    for (const Pair& pair : kPairs) {
        EXPECT_EQ(expand_compressed(pair.compressed), pair.expanded)
            << std::hex << pair.compressed << " " << expand_compressed(pair.compressed);
    }
}

/// Encodings under `mask` that equal `match` are none of RV64C without floating point.
struct Reserved {
    u16 mask, match;
    const char* why;
};
constexpr Reserved kReserved[] = {
    {0xffe3, 0x0000, "c.addi4spn without an offset; all zeros"},
    {0xe003, 0x2000, "c.fld"},
    {0xe003, 0x8000, "reserved"},
    {0xe003, 0xa000, "c.fsd"},
    {0xef83, 0x2001, "c.addiw to x0"},
    {0xf07f, 0x6001, "c.lui and c.addi16sp of nothing"},
    {0xfc63, 0x9c41, "reserved arithmetic"},
    {0xfc63, 0x9c61, "reserved arithmetic"},
    {0xe003, 0x2002, "c.fldsp"},
    {0xef83, 0x4002, "c.lwsp to x0"},
    {0xef83, 0x6002, "c.ldsp to x0"},
    {0xffff, 0x8002, "c.jr to x0"},
    {0xe003, 0xa002, "c.fsdsp"},
};

TEST(Compressed, AllOthersAreLegalAndTheseAreNot) {
    for (u32 encoding = 0; encoding < 0x1'0000; ++encoding) {
        const u16 compressed = static_cast<u16>(encoding);
        if (!is_compressed(compressed)) continue;
        const bool reserved = std::ranges::any_of(kReserved, [compressed](const Reserved& rule) {
            return (compressed & rule.mask) == rule.match;
        });
        EXPECT_EQ(expand_compressed(compressed) == kNoInstruction, reserved)
            << std::hex << compressed;
    }
}

TEST(Compressed, IllegalOnesAreReportedAsTheyStandInMemory) {
    UserProgram program;
    for (const u16 encoding : {0x0000, 0x2000, 0x8000, 0x6001, 0x8002, 0x9c41}) {
        EXPECT_EQ(program.trap(encoding), (Stop{Cause::kIllegalInstruction, encoding, 0}));
    }
}

TEST(Compressed, HintsChangeNothing) {
    UserProgram program;
    const UserRegisters before = program.registers;
    // c.nop 1; c.addi a0, 0; c.li zero, 5; c.lui zero, 1; c.mv zero, a0; c.add zero, a0; c.slli
    // zero, 1; c.slli a0, 0; c.srli s0, 0; c.srai s0, 0
    for (const u32 hint : {0x0005u, 0x0501u, 0x4015u, 0x6005u, 0x802au, 0x902au, 0x0006u, 0x0502u,
                           0x8001u, 0x8401u}) {
        program.run_all({hint});
        EXPECT_EQ(program.registers.x, before.x) << std::hex << hint;
    }
}

TEST(Compressed, LinksPointTwoBytesOn) {
    UserProgram program;
    program.x(t0) = UserProgram::kCode + 100;
    program.run_all({0x9282 /* c.jalr t0 */});
    EXPECT_EQ(program.x(ra), UserProgram::kCode + 2);
    EXPECT_EQ(program.registers.pc, UserProgram::kCode + 100);
}

}  // namespace
}  // namespace interpreter_tests
