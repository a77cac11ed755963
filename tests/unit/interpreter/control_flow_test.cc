// Where execution goes: branches, jumps, steps, and fetches from pages that are not there.
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;

constexpr u64 kCode = UserProgram::kCode;
constexpr u64 kNextPage = kCode + kernel::kPageSize;
constexpr u16 kCompressedNop = 0x0001;

/// Where one step from kCode ends.
u64 after(UserProgram& program, u32 instruction) {
    program.run_all({instruction});
    return program.registers.pc;
}

TEST(ControlFlow, EachBranchComparesInItsOwnWay) {
    struct Row {
        u32 funct3;
        u64 a, b;
        bool taken;
    };
    constexpr u64 kMinusOne = ~u64{0};
    for (const Row& row :
         {Row{0b000, 5, 5, true}, Row{0b000, 5, 6, false}, Row{0b001, 5, 6, true},
          Row{0b001, 5, 5, false}, Row{0b100, kMinusOne, 0, true}, Row{0b100, 0, kMinusOne, false},
          Row{0b100, 4, 4, false}, Row{0b101, 4, 4, true}, Row{0b101, kMinusOne, 0, false},
          Row{0b110, 4, 4, false}, Row{0b111, 4, 4, true}, Row{0b110, 0, kMinusOne, true},
          Row{0b110, kMinusOne, 0, false}, Row{0b111, kMinusOne, 0, true},
          Row{0b111, 0, kMinusOne, false}}) {
        UserProgram program;
        program.x(a0) = row.a;
        program.x(a1) = row.b;
        EXPECT_EQ(after(program, branch(row.funct3, a0, a1, 0x40)),
                  row.taken ? kCode + 0x40 : kCode + 4)
            << row.funct3 << " " << row.a << " " << row.b;
    }
}

TEST(ControlFlow, OffsetsReachAsFarAsTheirFormatsSay) {
    UserProgram program;
    EXPECT_EQ(after(program, beq(zero, zero, 4094)), kCode + 4094);
    EXPECT_EQ(after(program, beq(zero, zero, static_cast<u64>(-4096))), kCode - 4096);
    EXPECT_EQ(after(program, jal(zero, 0xffffe)), kCode + 0xffffe);
    EXPECT_EQ(after(program, jal(zero, static_cast<u64>(-0x10000))), 0u);
    for (const unsigned bit : {1, 4, 5, 10, 11, 12, 18, 19}) {
        EXPECT_EQ(after(program, jal(zero, u64{1} << bit)), kCode + (u64{1} << bit));
    }
    for (const unsigned bit : {1, 4, 5, 10, 11}) {
        EXPECT_EQ(after(program, beq(zero, zero, u64{1} << bit)), kCode + (u64{1} << bit));
    }
}

TEST(ControlFlow, JumpsLinkToTheInstructionBehindThem) {
    UserProgram program;
    EXPECT_EQ(after(program, jal(ra, 64)), kCode + 64);
    EXPECT_EQ(program.x(ra), kCode + 4);
    program.x(a0) = kCode + 128;
    EXPECT_EQ(after(program, jalr(t0, 8, a0)), kCode + 136);
    EXPECT_EQ(program.x(t0), kCode + 4);
    EXPECT_EQ(after(program, 0x9502 /* c.jalr a0 */), kCode + 128);
    EXPECT_EQ(program.x(ra), kCode + 2);
}

TEST(ControlFlow, JumpByTheRegisterThatIsLinkedReadsItFirst) {
    UserProgram program;
    program.x(ra) = kCode + 256;
    EXPECT_EQ(after(program, jalr(ra, 0, ra)), kCode + 256);
    EXPECT_EQ(program.x(ra), kCode + 4);
}

TEST(ControlFlow, JumpsDropTheLowestBit) {
    UserProgram program;
    program.x(a0) = kCode + 31;
    EXPECT_EQ(after(program, jalr(zero, 0, a0)), kCode + 30);
    EXPECT_EQ(after(program, jalr(zero, 1, a0)), kCode + 32);
}

TEST(ControlFlow, UnknownBranchesAndJumpsAreIllegal) {
    UserProgram program;
    for (const u32 instruction : {branch(0b010, a0, a1, 8), branch(0b011, a0, a1, 8),
                                  make::i(Opcode::kJalr, 1, a0, a0, 0)}) {
        EXPECT_EQ(program.trap(instruction), (Stop{Cause::kIllegalInstruction, instruction, 0}));
    }
}

TEST(ControlFlow, RunEndsAfterTheStepsAskedFor) {
    UserProgram program;
    program.write({addi(a0, a0, 1), jal(zero, static_cast<u64>(-4))});
    EXPECT_EQ(program.interpreter.run(program.registers, 0), (Stop{Cause::kSteps, 0, 0}));
    EXPECT_EQ(program.registers.pc, kCode);
    EXPECT_EQ(program.interpreter.run(program.registers, 1001), (Stop{Cause::kSteps, 0, 1001}));
    EXPECT_EQ(program.x(a0), 501u);
    EXPECT_EQ(program.registers.pc, kCode + 4);
}

TEST(ControlFlow, TrapStopsAtItsInstructionAfterTheOnesBefore) {
    UserProgram program;
    program.write({addi(a0, zero, 1), kCompressedNop, kEcall, addi(a0, zero, 2)});
    EXPECT_EQ(program.interpreter.run(program.registers, 100), (Stop{Cause::kUserCall, 0, 2}));
    EXPECT_EQ(program.registers.pc, kCode + 6);
    EXPECT_EQ(program.x(a0), 1u);
    program.registers.pc += 4;
    EXPECT_EQ(program.interpreter.run(program.registers, 1), (Stop{Cause::kSteps, 0, 1}));
    EXPECT_EQ(program.x(a0), 2u);
}

TEST(ControlFlow, LongInstructionMayLieAcrossPages) {
    UserProgram program;
    program.memory.map(kNextPage, kExecuteOnly);
    program.write({addi(a0, zero, 0x123), kEcall}, kNextPage - 2);
    program.registers.pc = kNextPage - 2;
    EXPECT_EQ(program.interpreter.run(program.registers, 9), (Stop{Cause::kUserCall, 0, 1}));
    EXPECT_EQ(program.x(a0), 0x123u);
    EXPECT_EQ(program.registers.pc, kNextPage + 2);
}

TEST(ControlFlow, SecondHalfThatIsNotThereFaultsAtItsOwnAddress) {
    UserProgram program;
    program.memory.poke(kNextPage - 2, addi(a0, zero, 0x123), 2);
    program.registers.pc = kNextPage - 2;
    EXPECT_EQ(program.interpreter.run(program.registers, 9),
              (Stop{Cause::kInstructionPageFault, kNextPage, 0}));
    EXPECT_EQ(program.registers.pc, kNextPage - 2);
    // Once it is there, the same instruction completes.
    program.memory.map(kNextPage, kExecuteOnly);
    program.memory.poke(kNextPage, addi(a0, zero, 0x123) >> 16, 2);
    EXPECT_EQ(program.interpreter.run(program.registers, 1), (Stop{Cause::kSteps, 0, 1}));
    EXPECT_EQ(program.x(a0), 0x123u);
}

TEST(ControlFlow, ShortInstructionAtTheEndOfAPageNeedsNoNextOne) {
    UserProgram program;
    program.write({kCompressedNop}, kNextPage - 2);
    program.registers.pc = kNextPage - 2;
    EXPECT_EQ(program.interpreter.run(program.registers, 9),
              (Stop{Cause::kInstructionPageFault, kNextPage, 1}));
    EXPECT_EQ(program.registers.pc, kNextPage);
}

TEST(ControlFlow, JumpToNowhereCompletesAndTheFetchFaults) {
    UserProgram program;
    program.write({jalr(ra, 0x10, zero)});
    EXPECT_EQ(program.interpreter.run(program.registers, 9),
              (Stop{Cause::kInstructionPageFault, 0x10, 1}));
    EXPECT_EQ(program.x(ra), kCode + 4);
    EXPECT_EQ(program.registers.pc, 0x10u);
}

TEST(ControlFlow, DataIsNotExecuted) {
    UserProgram program;
    program.registers.pc = UserProgram::kData;
    EXPECT_EQ(program.interpreter.run(program.registers, 9),
              (Stop{Cause::kInstructionPageFault, UserProgram::kData, 0}));
    program.registers.pc = kCode;
    program.memory.break_page(kCode);
    EXPECT_EQ(program.interpreter.run(program.registers, 9),
              (Stop{Cause::kInstructionAccessFault, kCode, 0}));
}

/// What is stored where code lies is executed: there is no copy of instructions, so fence.i has
/// nothing to do.
TEST(ControlFlow, CodeThatWasWrittenIsExecuted) {
    UserProgram program;
    program.memory.map(kCode, kEverything);
    program.x(a1) = addi(a0, zero, 99);
    program.x(a2) = kCode;
    program.write({addi(a0, zero, 1), sw(a1, 12, a2), kFenceI, addi(a0, zero, 2)});
    EXPECT_EQ(program.interpreter.run(program.registers, 4), (Stop{Cause::kSteps, 0, 4}));
    EXPECT_EQ(program.x(a0), 99u);
}

TEST(ControlFlow, CodeMayEndWhereTheAddressesDo) {
    constexpr u64 kLastPage = ~u64{0} - kernel::kPageSize + 1;
    UserProgram program;
    program.memory.map(kLastPage, kExecuteOnly);
    program.memory.map(0, kExecuteOnly);
    program.write({kCompressedNop}, ~u64{0} - 1);
    program.write({kEcall}, 0);
    program.registers.pc = ~u64{0} - 1;
    EXPECT_EQ(program.interpreter.run(program.registers, 9), (Stop{Cause::kUserCall, 0, 1}));
    EXPECT_EQ(program.registers.pc, 0u);
}

}  // namespace
}  // namespace interpreter_tests
