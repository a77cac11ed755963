// perform_access(): the same registers and memory as the interpreter's, for every encoding that it
// knows; errors; and floating-point registers.
#include <random>

#include "arch/riscv64/isa/arithmetic.h"
#include "arch/riscv64/isa/encoding.h"
#include "arch/riscv64/isa/expand_compressed.h"
#include "arch/riscv64/isa/memory_instruction.h"
#include "machine/user_access.h"
#include "tests/unit/interpreter/user_program.h"

namespace interpreter_tests {
namespace {

namespace isa = arch::riscv64::isa;
using isa::MemoryInstruction;
using kernel::Error;
using kernel::Result;
using kernel::u8;
using kernel::usize;
using kernel::VirtAddr;
using kernel::machine::FloatRegisters;
using kernel::machine::PerformedAccesses;
using kernel::machine::UserAttempt;
using MachineRegisters = kernel::machine::UserRegisters;

/// The pages of a program, as the kernel would reach them.
class ProgramMemory final : public kernel::machine::AccessedMemory {
public:
    explicit ProgramMemory(PagedMemory& pages) : pages_(pages) {}

    Result<kernel::u32> fetch(VirtAddr pc) override {
        const auto low = static_cast<u32>(pages_.peek(pc.value, 2));
        return isa::is_compressed(low) ? low : static_cast<u32>(pages_.peek(pc.value, 4));
    }
    bool allows(VirtAddr at, usize size, UserAttempt attempt) override {
        for (usize i = 0; i < size; ++i) {
            const auto wanted = attempt == UserAttempt::kStore ? Attempt::kStore : Attempt::kLoad;
            if (pages_.translate(at + i, wanted).host == nullptr) return false;
        }
        return true;
    }
    Result<u64> load(VirtAddr at, usize size) override {
        EXPECT_EQ(at.value % size, 0u);
        return pages_.peek(at.value, static_cast<unsigned>(size));
    }
    Result<void> store(VirtAddr at, usize size, u64 value) override {
        EXPECT_EQ(at.value % size, 0u);
        pages_.poke(at.value, value, static_cast<unsigned>(size));
        return {};
    }
    Result<u64> exchange(VirtAddr at, usize size, u64 expected, u64 desired) override {
        if (interfere) pages_.poke(at.value, *std::exchange(interfere, {}), static_cast<u8>(size));
        const u64 found = pages_.peek(at.value, static_cast<unsigned>(size));
        if (found == expected) pages_.poke(at.value, desired, static_cast<unsigned>(size));
        return found;
    }

    /// What somebody else stores just before the next exchange.
    std::optional<u64> interfere;

private:
    PagedMemory& pages_;
};

/// A program at the beginning, with the same for both ways: registers that point into its data, and
/// data that is nowhere the same.
class BothWays {
public:
    explicit BothWays(u32 seed) {
        std::mt19937_64 random(seed);
        for (u64 at = UserProgram::kData; at < UserProgram::kUnmapped; at += 8) {
            const u64 word = random();
            interpreted_.memory.poke(at, word, 8);
            performed_.memory.poke(at, word, 8);
        }
        for (unsigned i = 1; i < 32; ++i) {
            // Near the border of the two pages, so that many straddle it.
            const u64 value = UserProgram::kSecondPage - 16 + random() % 32;
            interpreted_.registers.x[i] = value;
            registers_.x(i) = value;
        }
        registers_.pc = UserProgram::kCode;
    }

    u64& x(unsigned number) { return registers_.x(number); }
    void set(unsigned number, u64 value) {
        interpreted_.registers.x[number] = value;
        registers_.x(number) = value;
    }

    /// Both execute it, from where they are, and come to the same.
    void execute(u32 encoding) {
        interpreted_.write({encoding}, registers_.pc);
        const Stop stop = interpreted_.interpreter.run(interpreted_.registers, 1);
        performed_.write({encoding}, registers_.pc);
        const Result<PerformedAccesses> access = perform_access(registers_, floats_, memory_);
        ASSERT_EQ(stop.cause == Cause::kSteps, access.ok()) << stop.value;
        ASSERT_EQ(registers_.pc, interpreted_.registers.pc);
        for (unsigned i = 1; i < 32; ++i) {
            ASSERT_EQ(registers_.x(i), interpreted_.registers.x[i]) << "x" << i;
        }
        ASSERT_EQ(performed_.data(), interpreted_.data());
    }

private:
    UserProgram interpreted_;
    UserProgram performed_;
    ProgramMemory memory_{performed_.memory};
    MachineRegisters registers_{};
    FloatRegisters floats_{};
};

u32 expanded(u32 encoding) {
    return isa::is_compressed(encoding) ? isa::expand_compressed(encoding) : encoding;
}

bool is_for_integers(u32 encoding) {
    const auto decoded = MemoryInstruction::decode(expanded(encoding));
    return decoded.has_value() && !decoded->is_float;
}

/// Whether the interpreter's instruction, with all registers at places in memory, touched any.
bool touches_memory(u32 encoding) {
    UserProgram program;
    for (unsigned i = 1; i < 32; ++i) program.registers.x[i] = UserProgram::kData + 2048;
    program.write({encoding});
    const u64 before = program.memory.translations();
    (void)program.interpreter.run(program.registers, 1);
    return program.memory.translations() > before + 1;  // but its own page
}

TEST(PerformAccess, EveryCompressedEncodingIsTheInterpreters) {
    u32 accesses = 0;
    constexpr u32 kEach = 7;  // is executed; all are told apart
    for (u32 encoding = 0; encoding < 0x10000; ++encoding) {
        if ((encoding & 3) == 3) continue;
        const bool is_access = is_for_integers(encoding);
        ASSERT_EQ(is_access, touches_memory(encoding)) << std::hex << encoding;
        if (!is_access || encoding / 4 % kEach != 0) continue;
        BothWays both(encoding);
        both.execute(encoding);
        if (HasFatalFailure()) FAIL() << std::hex << encoding;
        ++accesses;
    }
    EXPECT_GT(accesses, 1'500u);
}

TEST(PerformAccess, LoadsAndStoresAreTheInterpretersAtAllAlignments) {
    std::mt19937 random(7);
    u32 accesses = 0;
    for (u32 i = 0; i < 6'000; ++i) {
        const u32 opcode = random() % 2 == 0 ? 0b0000011 : 0b0100011;
        u32 encoding = (static_cast<u32>(random()) & ~u32{0x7f}) | opcode;
        // Mostly small offsets, so that they stay on the two pages.
        if (random() % 8 != 0) encoding &= ~(u32{0x7e} << 25);
        const bool is_access = is_for_integers(encoding);
        ASSERT_EQ(is_access, touches_memory(encoding)) << std::hex << encoding;
        if (!is_access) continue;
        BothWays both(i);
        both.execute(encoding);
        if (HasFatalFailure()) FAIL() << std::hex << encoding;
        ++accesses;
    }
    EXPECT_GT(accesses, 2'000u);
}

TEST(PerformAccess, AtomicOperationsAreTheInterpreters) {
    std::mt19937 random(11);
    u32 accesses = 0;
    for (u32 i = 0; i < 6'000; ++i) {
        const u32 encoding = (static_cast<u32>(random()) & ~u32{0x7f}) | 0b0101111;
        if (!is_for_integers(encoding)) continue;
        BothWays both(i);
        const u32 rs1 = encoding >> 15 & 31;
        const u32 rs2 = encoding >> 20 & 31;
        // Whole words mostly, and operands of any sign.
        if (random() % 8 != 0) both.set(rs1 == 0 ? 1 : rs1, UserProgram::kData + random() % 64 * 8);
        if (rs2 != rs1 && rs2 != 0) both.set(rs2, std::uniform_int_distribution<u64>()(random));
        both.execute(encoding);
        if (HasFatalFailure()) FAIL() << std::hex << encoding;
        ++accesses;
    }
    EXPECT_GT(accesses, 200u);
}

/// One side alone.
struct Alone {
    UserProgram program;
    ProgramMemory memory{program.memory};
    MachineRegisters registers{};
    FloatRegisters floats{};

    Alone() { registers.pc = UserProgram::kCode; }
    /// The first of these, which may perform what follows.
    Result<PerformedAccesses> perform(std::initializer_list<u32> code) {
        program.write(code, registers.pc);
        return perform_access(registers, floats, memory);
    }
};

/// What arithmetic the interpreter executes going forward is executed likewise, compressed or not.
TEST(PerformAccess, WhatStandsBeforeAStoreConditionalIsTheInterpreters) {
    std::mt19937 random(3);
    constexpr u32 kOpcodes[] = {isa::opcode::kOp,      isa::opcode::kOp32, isa::opcode::kOpImm,
                                isa::opcode::kOpImm32, isa::opcode::kLui,  isa::opcode::kAuipc,
                                isa::opcode::kBranch,  isa::opcode::kJal};
    u32 executed = 0;
    for (u32 i = 0; i < 60'000; ++i) {
        u32 encoding = static_cast<u32>(random());
        if (i % 3 == 0) {
            encoding &= 0xffff;
            if (!isa::is_compressed(encoding)) continue;
        } else {
            encoding = (encoding & ~u32{0x7f}) | kOpcodes[random() % std::size(kOpcodes)];
            if (random() % 2 == 0) encoding &= 0x01ff'ffff | u32{random() % 2 == 0} << 30;
        }
        UserProgram program;
        MachineRegisters registers{};
        for (unsigned x = 1; x < 32; ++x) {
            u64 value = std::uniform_int_distribution<u64>()(random);
            if (random() % 4 == 0) value = random() % 3;
            program.registers.x[x] = registers.x(x) = value;
        }
        registers.pc = UserProgram::kCode;
        const MachineRegisters before = registers;
        program.write({encoding});
        const Stop stop = program.interpreter.run(program.registers, 1);
        if (!isa::execute_arithmetic(expanded(encoding), isa::length_of(encoding), registers)) {
            ASSERT_EQ(registers.pc, before.pc);
            ASSERT_EQ(registers.x1, before.x1);
            continue;
        }
        ASSERT_EQ(stop.cause, Cause::kSteps) << std::hex << encoding;
        ASSERT_EQ(registers.pc, program.registers.pc) << std::hex << encoding;
        ASSERT_GT(registers.pc, before.pc);
        for (unsigned x = 1; x < 32; ++x) {
            ASSERT_EQ(registers.x(x), program.registers.x[x]) << std::hex << encoding;
        }
        ++executed;
    }
    EXPECT_GT(executed, 15'000u);
}

TEST(PerformAccess, ALoadReservedGoesOnToItsStoreConditional) {
    using namespace mnemonics;
    for (const u32 size : {4u, 8u}) {
        Alone alone;
        alone.program.memory.poke(UserProgram::kData, 41, 8);
        alone.registers.x(a0) = UserProgram::kData;
        const Result<PerformedAccesses> access = alone.perform(
            {lr(size, a2, a0), addi(a2, a2, 1), beq(a2, zero, 8), sc(size, a3, a2, a0), kEcall});
        ASSERT_TRUE(access.ok());
        ASSERT_EQ(access.value().count, 2u);
        EXPECT_TRUE(access.value().all[0].loads && !access.value().all[0].stores);
        EXPECT_TRUE(access.value().all[1].stores && !access.value().all[1].loads);
        EXPECT_EQ(alone.program.memory.peek(UserProgram::kData, 8), 42u);
        EXPECT_EQ(alone.registers.x(a3), 0u);
        EXPECT_EQ(alone.registers.pc, UserProgram::kCode + 16);
    }
}

TEST(PerformAccess, ALoadReservedGoesNoFurtherThanItMay) {
    using namespace mnemonics;
    const std::initializer_list<u32> kOthers[] = {
        {lr(8, a2, a0), ld(a4, 0, a0), sc(8, a3, a2, a0)},       // another access
        {lr(8, a2, a0), jal(zero, static_cast<u64>(-4))},        // back
        {lr(8, a2, a0), beq(zero, zero, static_cast<u64>(-4))},  // back
        {lr(8, a2, a0), kEcall},
    };
    for (const auto& code : kOthers) {
        Alone alone;
        alone.registers.x(a0) = UserProgram::kData;
        const Result<PerformedAccesses> access = alone.perform(code);
        ASSERT_TRUE(access.ok());
        EXPECT_EQ(access.value().count, 1u);
        EXPECT_EQ(alone.registers.pc, UserProgram::kCode + 4);
    }
    // For ever forward, it ends too.
    Alone alone;
    alone.registers.x(a0) = UserProgram::kData;
    for (u64 at = UserProgram::kCode; at < UserProgram::kCode + 4096; at += 4) {
        alone.program.write({addi(a5, a5, 1)}, at);
    }
    ASSERT_TRUE(alone.perform({lr(8, a2, a0)}).ok());
    EXPECT_EQ(alone.registers.x(a5), 0u);
    EXPECT_EQ(alone.registers.pc, UserProgram::kCode + 4);
}

TEST(PerformAccess, AStoreConditionalElsewhereOrAloneFails) {
    using namespace mnemonics;
    Alone alone;
    alone.registers.x(a0) = UserProgram::kData;
    alone.registers.x(a1) = UserProgram::kData + 8;
    const Result<PerformedAccesses> elsewhere = alone.perform({lr(8, a2, a0), sc(8, a3, a0, a1)});
    ASSERT_TRUE(elsewhere.ok());
    EXPECT_EQ(elsewhere.value().count, 1u);
    EXPECT_EQ(alone.registers.x(a3), 1u);
    const Result<PerformedAccesses> single = alone.perform({sc(8, a4, a0, a0)});
    ASSERT_TRUE(single.ok());
    EXPECT_EQ(single.value().count, 0u);
    EXPECT_EQ(alone.registers.x(a4), 1u);
    EXPECT_EQ(alone.program.memory.peek(UserProgram::kData, 8), 0u);
}

TEST(PerformAccess, WhatSomebodyStoredBetweenIsNotLost) {
    using namespace mnemonics;
    Alone alone;
    alone.program.memory.poke(UserProgram::kData, 5, 8);
    alone.registers.x(a0) = UserProgram::kData;
    alone.registers.x(a1) = 100;
    alone.memory.interfere = 7;
    ASSERT_TRUE(alone.perform({amoadd(8, a2, a1, a0)}).ok());
    EXPECT_EQ(alone.registers.x(a2), 7u);
    EXPECT_EQ(alone.program.memory.peek(UserProgram::kData, 8), 107u);
    alone.memory.interfere = 8;
    const Result<PerformedAccesses> access = alone.perform({lr(8, a2, a0), sc(8, a3, a1, a0)});
    ASSERT_TRUE(access.ok());
    EXPECT_EQ(access.value().count, 1u);
    EXPECT_EQ(alone.registers.x(a3), 1u);
    EXPECT_EQ(alone.program.memory.peek(UserProgram::kData, 8), 8u);
}

TEST(PerformAccess, FloatsAreBoxedAndStoredAsTheyAre) {
    constexpr u32 kFlw = 0x00052507;  // flw fa0, 0(a0)
    constexpr u32 kFld = 0x00353587;  // fld fa1, 3(a0)
    constexpr u32 kFsw = 0x00b52c27;  // fsw fa1, 24(a0)
    constexpr u32 kFsd = 0x02b53027;  // fsd fa1, 32(a0)
    Alone alone;
    alone.program.memory.poke(UserProgram::kData, 0x1122'3344'5566'7788, 8);
    alone.program.memory.poke(UserProgram::kData + 8, 0x99, 8);
    alone.registers.x(10) = UserProgram::kData;
    ASSERT_TRUE(alone.perform({kFlw}).ok());
    EXPECT_EQ(alone.floats.f[10], 0xffff'ffff'5566'7788);
    EXPECT_EQ(alone.floats.used, 1u);
    const Result<PerformedAccesses> access = alone.perform({kFld});
    ASSERT_TRUE(access.ok());
    ASSERT_EQ(access.value().count, 1u);
    EXPECT_EQ(access.value().all[0].at.value, UserProgram::kData + 3);
    EXPECT_EQ(access.value().all[0].size, 8u);
    EXPECT_TRUE(access.value().all[0].loads);
    EXPECT_EQ(alone.floats.f[11], 0x0000'9911'2233'4455u);
    ASSERT_TRUE(alone.perform({kFsw}).ok());
    ASSERT_TRUE(alone.perform({kFsd}).ok());
    EXPECT_EQ(alone.program.memory.peek(UserProgram::kData + 24, 8), 0x2233'4455u);
    EXPECT_EQ(alone.program.memory.peek(UserProgram::kData + 32, 8), 0x0000'9911'2233'4455u);
    EXPECT_EQ(alone.registers.pc, UserProgram::kCode + 16);
}

TEST(PerformAccess, WhatMayNotBeDoneChangesNothing) {
    using namespace mnemonics;
    Alone alone;
    alone.program.memory.map(0, kReadOnly);
    alone.registers.x(a0) = UserProgram::kUnmapped - 4;
    alone.registers.x(a1) = ~u64{0};
    const auto before = alone.program.data();
    for (const u32 encoding : {ld(a1, 0, a0), sd(a1, 0, a0), sd(a1, 0, zero), amoadd(8, a1, a1, a0),
                               kEcall, jalr(ra, 0, a0)}) {
        const Result<PerformedAccesses> access = alone.perform({encoding});
        ASSERT_FALSE(access.ok());
        EXPECT_EQ(access.error(), Error::kBadArg);
    }
    EXPECT_EQ(alone.program.data(), before);
    EXPECT_EQ(alone.registers.x(a1), ~u64{0});
    EXPECT_EQ(alone.registers.pc, UserProgram::kCode);
}

}  // namespace
}  // namespace interpreter_tests
