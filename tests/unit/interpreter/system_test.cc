// Fences, calls, counters, and all that user mode may not do.
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;

constexpr u32 kCycle = 0xc00;
constexpr u32 kTime = 0xc01;
constexpr u32 kInstret = 0xc02;

void expect_illegal(UserProgram& program, u32 instruction) {
    EXPECT_EQ(program.trap(instruction), (Stop{Cause::kIllegalInstruction, instruction, 0}))
        << std::hex << instruction;
}

TEST(System, CallsAndBreakpointsTrap) {
    UserProgram program;
    EXPECT_EQ(program.trap(kEcall), (Stop{Cause::kUserCall, 0, 0}));
    EXPECT_EQ(program.trap(kEbreak), (Stop{Cause::kBreakpoint, 0, 0}));
    EXPECT_EQ(program.trap(kCompressedEbreak), (Stop{Cause::kBreakpoint, 0, 0}));
}

TEST(System, PrivilegedInstructionsAreIllegal) {
    UserProgram program;
    for (const u32 instruction : {kSret, kMret, kWfi, kSfenceVma, kSfenceVma | a0 << 15}) {
        expect_illegal(program, instruction);
    }
}

TEST(System, CallsWithAnythingElseInThemAreIllegal) {
    UserProgram program;
    for (const u32 instruction : {kEcall, kEbreak}) {
        expect_illegal(program, instruction | a0 << 7);
        expect_illegal(program, instruction | a0 << 15);
    }
    expect_illegal(program, make::i(Opcode::kSystem, 0, 0, 0, 2));
    expect_illegal(program, make::i(Opcode::kSystem, 0b100, 0, 0, 0));
}

TEST(System, CountersAreRead) {
    UserProgram program;
    program.memory.cycle = 111;
    program.memory.time = 222;
    program.memory.instret = 333;
    program.run_all({csrr(a0, kCycle), csrr(a1, kTime), csrr(a2, kInstret), csrr(a3, kInstret)});
    EXPECT_EQ(program.x(a0), 111u);
    EXPECT_EQ(program.x(a1), 222u);
    EXPECT_EQ(program.x(a2), 333u + 2) << "two retired before it in this run";
    EXPECT_EQ(program.x(a3), 333u + 3);
}

TEST(System, EveryFormThatOnlyReadsReads) {
    UserProgram program;
    program.memory.time = 222;
    for (const u32 funct3 : {0b010u, 0b011u, 0b110u, 0b111u}) {
        program.run_all({csr(funct3, a0, kTime, 0)});
        EXPECT_EQ(program.x(a0), 222u);
        expect_illegal(program, csr(funct3, a1, kTime, 1));
    }
    for (const u32 funct3 : {0b001u, 0b101u}) {
        expect_illegal(program, csr(funct3, a1, kTime, 0));
        expect_illegal(program, csr(funct3, 0, kTime, 0));
    }
}

TEST(System, CountersThatAreNotForUserModeAreIllegal) {
    UserProgram program;
    for (const u32 number : {kCycle, kTime, kInstret}) expect_illegal(program, csrr(a1, number));
}

TEST(System, OtherRegistersAreIllegal) {
    UserProgram program;
    program.memory.cycle = program.memory.time = program.memory.instret = 1;
    unsigned legal = 0;
    for (u32 number = 0; number < 4096; ++number) {
        const u32 instruction = csrr(a1, number);
        const Stop stop = program.run({instruction});
        if (stop.cause == Cause::kSteps) {
            ++legal;
            continue;
        }
        EXPECT_EQ(stop, (Stop{Cause::kIllegalInstruction, instruction, 0}));
    }
    EXPECT_EQ(legal, 3u);
}

TEST(System, FencesChangeNothing) {
    UserProgram program;
    const UserRegisters before = program.registers;
    constexpr u32 kRead = 0b0010;
    constexpr u32 kWrite = 0b0001;
    program.run_all({fence(0b1111, 0b1111), fence(kRead | kWrite, kRead | kWrite),
                     fence(kWrite, kRead), fence(kRead, kRead | kWrite),
                     fence(kRead | kWrite, kWrite), 0x8330'000f /* fence.tso */,
                     0x0100'000f /* pause */, kFenceI});
    EXPECT_EQ(program.registers.x, before.x);
    expect_illegal(program, make::i(Opcode::kMiscMem, 0b010, 0, 0, 0));
    expect_illegal(program, make::i(Opcode::kMiscMem, 0b111, 0, 0, 0));
}

TEST(System, UnknownOpcodesAreIllegal) {
    UserProgram program;
    unsigned known = 0;
    for (u32 opcode = 0b11; opcode < 128; opcode += 4) {
        switch (Opcode{opcode}) {
            case Opcode::kLoad:
            case Opcode::kMiscMem:
            case Opcode::kOpImm:
            case Opcode::kAuipc:
            case Opcode::kOpImm32:
            case Opcode::kStore:
            case Opcode::kAmo:
            case Opcode::kOp:
            case Opcode::kLui:
            case Opcode::kOp32:
            case Opcode::kBranch:
            case Opcode::kJalr:
            case Opcode::kJal:
            case Opcode::kSystem:
                ++known;
                continue;
        }
        expect_illegal(program, opcode);
        expect_illegal(program, 0xffff'ff80 | opcode);
    }
    EXPECT_EQ(known, 14u);
}

}  // namespace
}  // namespace interpreter_tests
