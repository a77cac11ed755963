// Loads and stores: widths, signs, alignment, pages, faults, and what is remembered of
// translations.
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;

constexpr u64 kData = UserProgram::kData;
constexpr u64 kSecondPage = UserProgram::kSecondPage;
constexpr u64 kUnmapped = UserProgram::kUnmapped;

u64 load_from(UserProgram& program, u32 funct3, u64 at) {
    program.x(a0) = at;
    program.run_all({load(funct3, a2, 0, a0)});
    return program.x(a2);
}

TEST(Memory, LoadsExtendByTheSignTheirNamesSay) {
    UserProgram program;
    program.memory.poke(kData, 0x8899'aabb'ccdd'eeff, 8);
    EXPECT_EQ(load_from(program, 0b000, kData), 0xffff'ffff'ffff'ffff);
    EXPECT_EQ(load_from(program, 0b001, kData), 0xffff'ffff'ffff'eeff);
    EXPECT_EQ(load_from(program, 0b010, kData), 0xffff'ffff'ccdd'eeff);
    EXPECT_EQ(load_from(program, 0b011, kData), 0x8899'aabb'ccdd'eeff);
    EXPECT_EQ(load_from(program, 0b100, kData), 0xffu);
    EXPECT_EQ(load_from(program, 0b101, kData), 0xeeffu);
    EXPECT_EQ(load_from(program, 0b110, kData), 0xccdd'eeffu);
}

TEST(Memory, StoresWriteTheirWidthAndNoMore) {
    for (u32 funct3 = 0; funct3 < 4; ++funct3) {
        UserProgram program;
        const unsigned size = 1u << funct3;
        program.memory.poke(kData, ~u64{0}, 8);
        program.memory.poke(kData + 8, ~u64{0}, 8);
        program.x(a0) = kData;
        program.x(a1) = 0x0102'0304'0506'0708;
        program.run_all({store(funct3, a1, 4, a0)});
        EXPECT_EQ(program.memory.peek(kData + 4, size),
                  program.x(a1) & (size == 8 ? ~u64{0} : (u64{1} << (8 * size)) - 1));
        EXPECT_EQ(program.memory.peek(kData, 4), 0xffff'ffffu);
        EXPECT_EQ(program.memory.peek(kData + 4 + size, 4), 0xffff'ffffu);
    }
}

TEST(Memory, OffsetsAreSigned) {
    UserProgram program;
    program.memory.poke(kData, 0x11, 1);
    program.x(a0) = kData + 0x800;
    program.run_all({load(0b000, a2, static_cast<u64>(-0x800), a0), sb(a2, 0x7ff, a0),
                     sb(a2, static_cast<u64>(-1), a0)});
    EXPECT_EQ(program.memory.peek(kData + 0xfff, 1), 0x11u);
    EXPECT_EQ(program.memory.peek(kData + 0x7ff, 1), 0x11u);
}

TEST(Memory, AnyAlignmentWorksOnAPageAndAcrossPages) {
    for (const u64 around : {kData + 64, kSecondPage}) {
        for (u64 at = around - 8; at <= around; ++at) {
            UserProgram program;
            program.x(a0) = at;
            program.x(a1) = 0x8182'8384'8586'8788;
            program.run_all({sd(a1, 0, a0), ld(a2, 0, a0)});
            EXPECT_EQ(program.x(a2), program.x(a1)) << std::hex << at;
            EXPECT_EQ(program.memory.peek(at, 8), program.x(a1)) << std::hex << at;
            EXPECT_EQ(program.memory.peek(at - 1, 1), 0u);
            EXPECT_EQ(program.memory.peek(at + 8, 1), 0u);
            EXPECT_EQ(load_from(program, 0b010, at), 0xffff'ffff'8586'8788);
            EXPECT_EQ(load_from(program, 0b110, at), 0x8586'8788u);
            EXPECT_EQ(load_from(program, 0b001, at), 0xffff'ffff'ffff'8788);
            EXPECT_EQ(load_from(program, 0b101, at), 0x8788u);
        }
    }
}

TEST(Memory, FaultsNameTheirAttemptAndTheirAddress) {
    UserProgram program;
    program.memory.map(0, kReadOnly);
    program.x(a0) = kUnmapped;
    EXPECT_EQ(program.trap(lw(a2, 8, a0)), (Stop{Cause::kLoadPageFault, kUnmapped + 8, 0}));
    EXPECT_EQ(program.trap(sw(a2, 8, a0)), (Stop{Cause::kStorePageFault, kUnmapped + 8, 0}));
    EXPECT_EQ(program.trap(sw(a2, 8, zero)), (Stop{Cause::kStorePageFault, 8, 0}));
    program.x(a0) = UserProgram::kCode;
    EXPECT_EQ(program.trap(lw(a2, 0, a0)), (Stop{Cause::kLoadPageFault, UserProgram::kCode, 0}))
        << "code is not to be read";
    program.memory.break_page(0);
    EXPECT_EQ(program.trap(lw(a2, 3, zero)), (Stop{Cause::kLoadAccessFault, 3, 0}));
    program.memory.map(0, kReadWrite);
    EXPECT_EQ(program.trap(sw(a2, 4, zero)), (Stop{Cause::kStoreAccessFault, 4, 0}));
}

TEST(Memory, FaultOnTheSecondPageNamesItAndLeavesTheFirstAlone) {
    UserProgram program;
    program.x(a1) = ~u64{0};
    for (u64 at = kUnmapped - 7; at < kUnmapped; ++at) {
        program.x(a0) = at;
        EXPECT_EQ(program.trap(ld(a2, 0, a0)), (Stop{Cause::kLoadPageFault, kUnmapped, 0}));
        EXPECT_EQ(program.trap(sd(a1, 0, a0)), (Stop{Cause::kStorePageFault, kUnmapped, 0}));
    }
}

TEST(Memory, FaultOnTheFirstPageNamesTheAccess) {
    UserProgram program;
    program.x(a0) = kData - 3;
    EXPECT_EQ(program.trap(ld(a2, 0, a0)), (Stop{Cause::kLoadPageFault, kData - 3, 0}));
    EXPECT_EQ(program.trap(sd(a1, 0, a0)), (Stop{Cause::kStorePageFault, kData - 3, 0}));
}

TEST(Memory, LoadToRegisterZeroIsStillMade) {
    UserProgram program;
    program.x(a0) = kUnmapped;
    EXPECT_EQ(program.trap(lw(zero, 0, a0)).cause, Cause::kLoadPageFault);
    program.x(a0) = kData;
    program.memory.poke(kData, 7, 8);
    program.run_all({lw(zero, 0, a0)});
    EXPECT_EQ(program.x(zero), 0u);
}

TEST(Memory, AccessMayWrapAroundTheAddresses) {
    constexpr u64 kLastPage = ~u64{0} - kernel::kPageSize + 1;
    UserProgram program;
    program.memory.map(kLastPage, kReadWrite);
    program.x(a1) = 0x1122'3344'5566'7788;
    program.x(a0) = ~u64{0} - 3;
    EXPECT_EQ(program.trap(sd(a1, 0, a0)), (Stop{Cause::kStorePageFault, 0, 0}));
    program.memory.map(0, kReadWrite);
    program.run_all({sd(a1, 0, a0), ld(a2, 0, a0)});
    EXPECT_EQ(program.x(a2), program.x(a1));
    EXPECT_EQ(program.memory.peek(0, 4), 0x1122'3344u);
}

TEST(Memory, UnknownWidthsAreIllegal) {
    UserProgram program;
    program.x(a0) = kData;
    EXPECT_EQ(program.trap(load(0b111, a2, 0, a0)).cause, Cause::kIllegalInstruction);
    for (u32 funct3 = 4; funct3 < 8; ++funct3) {
        EXPECT_EQ(program.trap(store(funct3, a1, 0, a0)).cause, Cause::kIllegalInstruction);
    }
}

TEST(TranslationCache, AsksOncePerPageAndAttempt) {
    UserProgram program;
    program.x(a0) = kData;
    program.run_all({ld(a2, 0, a0), ld(a2, 8, a0), sd(a2, 0, a0), sd(a2, 8, a0)});
    EXPECT_EQ(program.memory.translations(), 3u);  // fetch, load, store
    program.run_all({ld(a2, 0, a0), sd(a2, 0, a0)});
    EXPECT_EQ(program.memory.translations(), 3u);
}

TEST(TranslationCache, ForgetsWhenItIsTold) {
    UserProgram program;
    program.x(a0) = kData;
    program.run_all({ld(a2, 0, a0), sd(a2, 0, a0)});
    // The page becomes read-only. Until the hart is told, it may go on writing.
    program.memory.map(kData, kReadOnly);
    program.interpreter.forget();
    EXPECT_EQ(program.trap(sd(a2, 0, a0)), (Stop{Cause::kStorePageFault, kData, 0}));
    program.run_all({ld(a2, 0, a0)});
    program.memory.map(kData, {});
    program.memory.map(UserProgram::kCode, {});
    program.interpreter.forget();
    EXPECT_EQ(program.interpreter.run(program.registers, 1).cause, Cause::kInstructionPageFault);
    program.memory.map(UserProgram::kCode, kExecuteOnly);
    EXPECT_EQ(program.trap(ld(a2, 0, a0)), (Stop{Cause::kLoadPageFault, kData, 0}));
}

TEST(TranslationCache, DoesNotHoldFaults) {
    UserProgram program;
    program.x(a0) = kUnmapped;
    EXPECT_EQ(program.trap(ld(a2, 0, a0)).cause, Cause::kLoadPageFault);
    program.memory.map(kUnmapped, kReadOnly);
    program.run_all({ld(a2, 0, a0)});
    EXPECT_EQ(program.trap(sd(a2, 0, a0)).cause, Cause::kStorePageFault);
    program.memory.map(kUnmapped, kReadWrite);
    program.run_all({sd(a2, 0, a0)});
}

/// Pages whose numbers differ by a power of two would share a place: each must find its own.
TEST(TranslationCache, KeepsPagesApartThatShareAPlace) {
    UserProgram program;
    constexpr u64 kBase = 0x4000'0000;
    for (unsigned i = 0; i < 40; ++i) {
        const u64 page = kBase + (u64{1} << i << kernel::kPageShift);
        program.memory.map(page, kReadWrite);
        program.memory.poke(page, i, 8);
    }
    for (unsigned round = 0; round < 2; ++round) {
        for (unsigned i = 0; i < 40; ++i) {
            EXPECT_EQ(load_from(program, 0b011, kBase + (u64{1} << i << kernel::kPageShift)), i);
        }
    }
}

}  // namespace
}  // namespace interpreter_tests
