// The rules of A: reservations, read-modify-write, alignment, and harts that are really at once.
#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>

#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;

constexpr u64 kData = UserProgram::kData;
constexpr u64 kUnmapped = UserProgram::kUnmapped;

/// a0: kData, a1: what is to be stored.
class Reservations : public ::testing::Test {
protected:
    Reservations() {
        program.memory.poke(kData, 0x1111'2222'8333'4444, 8);
        program.x(a0) = kData;
        program.x(a1) = 0x55;
    }
    u64 word() { return program.memory.peek(kData, 8); }

    UserProgram program;
};

TEST_F(Reservations, PairOnOneWordSucceeds) {
    program.run_all({lr(8, a2, a0), sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a2), 0x1111'2222'8333'4444u);
    EXPECT_EQ(program.x(a3), 0u);
    EXPECT_EQ(word(), 0x55u);
}

TEST_F(Reservations, PairOfFourBytesExtendsAndLeavesTheOtherHalf) {
    program.run_all({lr(4, a2, a0, kAq), sc(4, a3, a1, a0, kRl)});
    EXPECT_EQ(program.x(a2), 0xffff'ffff'8333'4444u);
    EXPECT_EQ(program.x(a3), 0u);
    EXPECT_EQ(word(), 0x1111'2222'0000'0055u);
}

TEST_F(Reservations, EveryOrderWorks) {
    for (const u32 order : {kRelaxed, kRl, kAq, kAqRl}) {
        program.run_all({lr(8, a2, a0, order), sc(8, a3, a1, a0, order)});
        EXPECT_EQ(program.x(a3), 0u);
    }
}

TEST_F(Reservations, StoreWithoutOneFails) {
    program.run_all({sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 1u);
    EXPECT_EQ(word(), 0x1111'2222'8333'4444u);
}

TEST_F(Reservations, EachServesOneStore) {
    program.run_all({lr(8, a2, a0), sc(8, a3, a1, a0), sc(8, a4, a2, a0)});
    EXPECT_EQ(program.x(a3), 0u);
    EXPECT_EQ(program.x(a4), 1u);
    EXPECT_EQ(word(), 0x55u);
}

TEST_F(Reservations, StoreElsewhereFailsAndUsesItUp) {
    program.x(a5) = kData + 8;
    program.memory.poke(kData + 8, word(), 8);  // that it is the same value does not help
    program.run_all({lr(8, a2, a0), sc(8, a3, a1, a5), sc(8, a4, a1, a0)});
    EXPECT_EQ(program.x(a3), 1u);
    EXPECT_EQ(program.x(a4), 1u);
    EXPECT_EQ(word(), 0x1111'2222'8333'4444u);
}

TEST_F(Reservations, StoreOfAnotherWidthFails) {
    program.run_all({lr(8, a2, a0), sc(4, a3, a1, a0), lr(4, a2, a0), sc(8, a4, a1, a0)});
    EXPECT_EQ(program.x(a3), 1u);
    EXPECT_EQ(program.x(a4), 1u);
    EXPECT_EQ(word(), 0x1111'2222'8333'4444u);
}

TEST_F(Reservations, TheLatestCounts) {
    program.x(a5) = kData + 8;
    program.run_all({lr(8, a2, a5), lr(8, a2, a0), sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 0u);
}

TEST_F(Reservations, ChangeOfTheWordBreaksThem) {
    program.run_all({lr(8, a2, a0), sb(zero, 7, a0), sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 1u);
    EXPECT_EQ(word(), 0x0011'2222'8333'4444u);
}

TEST_F(Reservations, YieldingBreaksThem) {
    program.run_all({lr(8, a2, a0)});
    program.interpreter.yield_reservation();
    program.run_all({sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 1u);
}

TEST_F(Reservations, TheyOutliveARunAndForgottenTranslations) {
    program.run_all({lr(8, a2, a0)});
    program.interpreter.forget();
    program.run_all({sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 0u);
}

/// As when the page is copied on the first write: the store is made again, and succeeds.
TEST_F(Reservations, TheyOutliveAFaultOfTheStore) {
    program.memory.map(kData, kReadOnly);
    program.run_all({lr(8, a2, a0)});
    EXPECT_EQ(program.trap(sc(8, a3, a1, a0)), (Stop{Cause::kStorePageFault, kData, 0}));
    program.memory.map(kData, kReadWrite);
    program.run_all({sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 0u);
}

TEST_F(Reservations, LoadThatFaultsLeavesTheOldOne) {
    program.x(a5) = kUnmapped;
    program.run_all({lr(8, a2, a0)});
    EXPECT_EQ(program.trap(lr(8, a2, a5)), (Stop{Cause::kLoadPageFault, kUnmapped, 0}));
    program.run_all({sc(8, a3, a1, a0)});
    EXPECT_EQ(program.x(a3), 0u);
}

/// QEMU looks at the reservation first, and so at no address that nothing was reserved at.
TEST_F(Reservations, StoreWithoutOneDoesNotLookAtItsAddress) {
    for (const u64 at : {kUnmapped, kData + 1, UserProgram::kCode}) {
        program.x(a5) = at;
        program.run_all({sc(8, a3, a1, a5)});
        EXPECT_EQ(program.x(a3), 1u);
    }
}

TEST_F(Reservations, MisalignedLoadFaults) {
    program.x(a5) = kData + 4;
    EXPECT_EQ(program.trap(lr(8, a2, a5)), (Stop{Cause::kLoadMisaligned, kData + 4, 0}));
    program.x(a5) = kUnmapped + 2;
    EXPECT_EQ(program.trap(lr(4, a2, a5)), (Stop{Cause::kLoadMisaligned, kUnmapped + 2, 0}));
}

TEST(Atomics, EachOperationCombinesAndGivesTheOldValue) {
    struct Row {
        u32 funct5;
        u64 old, operand, combined;
    };
    constexpr u64 kMinusTwo = ~u64{1};
    for (const Row& row :
         {Row{0b00001, 5, 9, 9}, Row{0b00000, 5, kMinusTwo, 3}, Row{0b00100, 12, 10, 6},
          Row{0b01100, 12, 10, 8}, Row{0b01000, 12, 10, 14}, Row{0b10000, kMinusTwo, 1, kMinusTwo},
          Row{0b10000, 1, kMinusTwo, kMinusTwo}, Row{0b10100, kMinusTwo, 1, 1},
          Row{0b10100, 1, kMinusTwo, 1}, Row{0b11000, kMinusTwo, 1, 1},
          Row{0b11000, 1, kMinusTwo, 1}, Row{0b11100, kMinusTwo, 1, kMinusTwo},
          Row{0b11100, 1, kMinusTwo, kMinusTwo}}) {
        for (const u32 size : {4u, 8u}) {
            for (const u32 order : {kRelaxed, kRl, kAq, kAqRl}) {
                UserProgram program;
                program.memory.poke(kData, row.old, size);
                program.memory.poke(kData + size, 0x5a, 1);
                program.x(a0) = kData;
                program.x(a1) = row.operand;
                program.run_all({atomic(row.funct5, size, a2, a1, a0, order)});
                EXPECT_EQ(program.x(a2), row.old) << row.funct5;
                const u64 mask = size == 8 ? ~u64{0} : 0xffff'ffff;
                EXPECT_EQ(program.memory.peek(kData, size), row.combined & mask) << row.funct5;
                EXPECT_EQ(program.memory.peek(kData + size, 1), 0x5au);
            }
        }
    }
}

/// Words of 32 bits are compared as such, whatever stands in the upper half of the operand.
TEST(Atomics, WordsIgnoreTheUpperHalfOfTheOperand) {
    UserProgram program;
    program.memory.poke(kData, 5, 4);
    program.x(a0) = kData;
    program.x(a1) = 0xffff'ffff'0000'0007;
    program.run_all({atomic(0b10100, 4, a2, a1, a0)});
    EXPECT_EQ(program.memory.peek(kData, 4), 7u);
    program.x(a1) = 0x8000'0000;
    program.run_all({atomic(0b00000, 4, a2, a1, a0), atomic(0b00000, 4, a2, zero, a0)});
    EXPECT_EQ(program.x(a2), 0xffff'ffff'8000'0007u);
}

TEST(Atomics, ResultMayReplaceAnOperand) {
    UserProgram program;
    program.memory.poke(kData, 5, 8);
    program.x(a0) = kData;
    program.x(a1) = 3;
    program.run_all({amoadd(8, a1, a1, a0), amoadd(8, a0, a1, a0)});
    EXPECT_EQ(program.x(a1), 5u);
    EXPECT_EQ(program.x(a0), 8u);
    EXPECT_EQ(program.memory.peek(kData, 8), 13u);
}

TEST(Atomics, FaultsAreThoseOfStoresAndAlignmentComesFirst) {
    UserProgram program;
    program.memory.map(0, kReadOnly);
    program.x(a0) = kUnmapped;
    EXPECT_EQ(program.trap(amoadd(8, a2, a1, a0)), (Stop{Cause::kStorePageFault, kUnmapped, 0}));
    EXPECT_EQ(program.trap(amoadd(8, a2, a1, zero)), (Stop{Cause::kStorePageFault, 0, 0}));
    program.x(a0) = kUnmapped + 4;
    EXPECT_EQ(program.trap(amoadd(8, a2, a1, a0)),
              (Stop{Cause::kStoreMisaligned, kUnmapped + 4, 0}));
    program.x(a0) = kData + 2;
    EXPECT_EQ(program.trap(amoadd(4, a2, a1, a0)), (Stop{Cause::kStoreMisaligned, kData + 2, 0}));
}

TEST(Atomics, UnknownOnesAreIllegal) {
    UserProgram program;
    program.x(a0) = kData + 1;  // misaligned: that it is unknown comes first
    unsigned legal = 0;
    for (u32 funct5 = 0; funct5 < 32; ++funct5) {
        const Stop stop = program.run({atomic(funct5, 8, a2, zero, a0)});
        if (stop.cause != Cause::kIllegalInstruction) ++legal;
    }
    EXPECT_EQ(legal, 11u);
    for (const u32 funct3 : {0u, 1u, 4u, 5u, 6u, 7u}) {
        const u32 instruction = make::r(Opcode::kAmo, funct3, a2, a0, a1);
        EXPECT_EQ(program.trap(instruction), (Stop{Cause::kIllegalInstruction, instruction, 0}));
    }
    EXPECT_EQ(program.trap(atomic(0b00010, 8, a2, a1, a0)).cause, Cause::kIllegalInstruction)
        << "a load-reserved with an operand";
}

/// Runs `code` on so many harts at once, each with an interpreter of its own over one memory; a0:
/// kData, a1: 1, s1: how often.
class Harts : public ::testing::Test {
protected:
    static constexpr u64 kHarts = 4;
    static constexpr u64 kRounds = 100'000;

    /// A hart that has not come to its ecall by then never will.
    static constexpr std::chrono::seconds kLongest{30};

    void run(std::initializer_list<u32> code) {
        shared.write(code);
        const auto deadline = std::chrono::steady_clock::now() + kLongest;
        std::barrier begin(kHarts);
        std::atomic<u64> ended = 0;
        std::vector<std::thread> threads;
        for (u64 hart = 0; hart < kHarts; ++hart) {
            threads.emplace_back([this, deadline, &begin, &ended] {
                Environment environment(shared.memory);
                Interpreter interpreter(environment);
                UserRegisters registers;
                registers.pc = UserProgram::kCode;
                registers.x[a0] = kData;
                registers.x[a1] = 1;
                registers.x[s1] = kRounds;
                begin.arrive_and_wait();
                Stop stop;
                do {
                    stop = interpreter.run(registers, 1000);
                } while (stop.cause == Cause::kSteps &&
                         std::chrono::steady_clock::now() < deadline);
                if (stop.cause == Cause::kUserCall) ++ended;
            });
        }
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(ended, kHarts);
    }

    /// Translates as the shared memory does, and counts nothing.
    class Environment final : public host::interpreter::UserEnvironment {
    public:
        explicit Environment(PagedMemory& memory) : memory_(memory) {}
        Translation translate(kernel::VirtAddr at, Attempt) override {
            return {memory_.at(at.value)};
        }
        std::optional<u64> counter(Counter, u64) override { return std::nullopt; }

    private:
        PagedMemory& memory_;
    };

    UserProgram shared;
};

TEST_F(Harts, LoseNoAtomicAddition) {
    run({amoadd(8, zero, a1, a0), amoadd(4, zero, a1, a0), addi(s1, s1, ~u64{0}),
         bne(s1, zero, static_cast<u64>(-12)), kEcall});
    EXPECT_EQ(shared.memory.peek(kData, 8), 2 * kHarts * kRounds);
}

TEST_F(Harts, LoseNoAdditionBetweenReservations) {
    run({lr(8, a2, a0), add(a2, a2, a1), sc(8, a3, a2, a0), bne(a3, zero, static_cast<u64>(-12)),
         addi(s1, s1, ~u64{0}), bne(s1, zero, static_cast<u64>(-20)), kEcall});
    EXPECT_EQ(shared.memory.peek(kData, 8), kHarts * kRounds);
}

TEST_F(Harts, KeepEachOtherOutWithALock) {
    // The lock is the word at 0, what it guards the doubleword at 8, which plain accesses change.
    run({atomic(0b00001, 4, a2, a1, a0, kAq), bne(a2, zero, static_cast<u64>(-4)), ld(a3, 8, a0),
         addi(a3, a3, 1), sd(a3, 8, a0), atomic(0b00001, 4, zero, zero, a0, kRl),
         addi(s1, s1, ~u64{0}), bne(s1, zero, static_cast<u64>(-28)), kEcall});
    EXPECT_EQ(shared.memory.peek(kData + 8, 8), kHarts * kRounds);
}

}  // namespace
}  // namespace interpreter_tests
