// The interrupt controller's driver against a model with the geometries of real boards.
#include "arch/riscv64/platform/plic.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>

#include "tests/host/devices/plic_model.h"
#include "tests/unit/platform/board.h"

namespace arch::riscv64 {
namespace {

using host::PlicModel;
using kernel::machine::HartIndex;
using kernel::machine::IrqLine;
using test::Board;

constexpr PhysAddr kRegisters{0x0c00'0000};
constexpr u64 kWholeSize = 0x400'0000;

/// A board's controller: its lines, how many contexts it has, and those of the usable harts.
struct Geometry {
    const char* board;
    u32 lines;
    u32 contexts;
    std::vector<u32> of_hart;
};

/// S contexts at 2h for harts 1..4: hart 0 has no supervisor mode, and one context.
const std::vector<u32> kFourAfterOne{2, 4, 6, 8};

const Geometry kBoards[] = {
    {"jh7110", 136, 9, kFourAfterOne},  {"jh7100", 133, 4, {1, 3}},  // S contexts at 2h + 1
    {"icicle", 186, 9, kFourAfterOne},  {"sifive_u", 53, 9, kFourAfterOne},
    {"largest", 1023, 8, {1, 3, 5, 7}}, {"one_line", 1, 2, {1}},
    {"word_boundary", 31, 2, {1}},      {"beyond_word_boundary", 32, 2, {1}},
};

/// What the lines that arrive do; deliver() has no argument of the test's.
std::function<void(IrqLine)> on_line;
void deliver(IrqLine line) { on_line(line); }

/// A driver on a model, not yet initialised.
struct Bench {
    explicit Bench(const Geometry& with, u64 size = kWholeSize, bool gives_way = false)
        : geometry(with),
          model({.sources = with.lines,
                 .contexts = with.contexts,
                 .supervisor = {with.of_hart.begin(), with.of_hart.end()},
                 .gives_way = gives_way}),
          board(test::FakeFirmware::Version::k1_0, {{.compatible = "sifive,plic-1.0.0",
                                                     .registers = {kRegisters, size},
                                                     .model = &model}}),
          machine(test::machine_with(static_cast<u32>(with.of_hart.size()))) {
        machine->plic = {.registers = {kRegisters, size}, .lines = with.lines};
        for (usize hart = 0; hart < with.of_hart.size(); ++hart) {
            machine->harts[hart].plic_context = with.of_hart[hart];
        }
    }
    ~Bench() {
        EXPECT_EQ(model.violations(), PlicModel::Violations{})
            << "outside " << model.violations().outside << ", width " << model.violations().width
            << ", foreign " << model.violations().foreign << ", not claimed "
            << model.violations().not_claimed << ", lost " << model.violations().lost;
    }

    /// As at boot: maps the controller and opens the context of each hart.
    void open() {
        plic.init(*machine);
        for (HartIndex hart = 0; hart < machine->info.hart_count; ++hart) plic.open_context(hart);
    }
    u32 context(HartIndex hart) const { return geometry.of_hart[hart]; }
    u32 harts() const { return machine->info.hart_count; }

    /// The lines that `hart` is given in one interrupt; each is quiet once it is served.
    std::vector<u32> take(HartIndex hart) {
        std::vector<u32> taken;
        on_line = [&](IrqLine line) {
            taken.push_back(line);
            model.set_level(line, false);
        };
        plic.take(hart, deliver);
        return taken;
    }

    Geometry geometry;
    PlicModel model;
    Board board;
    std::unique_ptr<boot::MachineDescription> machine;
    Plic plic;
};

class PlicBoards : public testing::TestWithParam<Geometry> {};

TEST_P(PlicBoards, EveryLineReachesEveryHartAndNoOther) {
    Bench bench(GetParam());
    bench.open();
    for (HartIndex hart = 0; hart < bench.harts(); ++hart) {
        for (u32 line = 1; line <= GetParam().lines; ++line) {
            ASSERT_TRUE(bench.plic.enable(line, hart).ok());
            bench.model.set_level(line, true);
            for (HartIndex other = 0; other < bench.harts(); ++other) {
                ASSERT_EQ(bench.model.interrupts(bench.context(other)), other == hart)
                    << "line " << line;
            }
            ASSERT_EQ(bench.take(hart), std::vector<u32>{line});
            ASSERT_EQ(bench.model.completions(line), hart + 1);
            bench.plic.disable(line);
        }
    }
}

TEST_P(PlicBoards, WhatAnEarlierStageLeftOnIsTurnedOff) {
    Bench bench(GetParam());
    bench.model.leave_everything_on();
    const u32 last = GetParam().lines;
    ASSERT_TRUE(bench.model.enabled(bench.context(0), last));
    bench.model.set_level(last, true);
    bench.open();
    for (u32 context : GetParam().of_hart) {
        EXPECT_EQ(bench.model.enabled_lines(context), std::vector<u32>{});
        EXPECT_EQ(bench.model.threshold(context), 0u);
        EXPECT_FALSE(bench.model.interrupts(context));
    }
    EXPECT_TRUE(bench.model.enabled(0, last)) << "the firmware's own context is not ours";
    ASSERT_TRUE(bench.plic.enable(last, 0).ok());
    EXPECT_EQ(bench.take(0), std::vector<u32>{last}) << "it waited";
}

TEST_P(PlicBoards, LinesThatTheControllerDoesNotHaveAreRefused) {
    Bench bench(GetParam());
    bench.open();
    for (u32 line : {0u, GetParam().lines + 1, 1024u, ~0u}) {
        const Result<void> enabled = bench.plic.enable(line, 0);
        ASSERT_FALSE(enabled.ok()) << line;
        EXPECT_EQ(enabled.error(), Error::kNoDevice);
        bench.plic.disable(line);
    }
    EXPECT_FALSE(bench.plic.enable(1, bench.harts()).ok()) << "no such hart";
}

TEST_P(PlicBoards, AllThatWaitIsClaimedAndCompletedOnce) {
    Bench bench(GetParam());
    bench.open();
    std::vector<u32> expected;
    for (u32 line = 1; line <= GetParam().lines; line += 3) {
        ASSERT_TRUE(bench.plic.enable(line, 0).ok());
        bench.model.set_level(line, true);
        expected.push_back(line);
    }
    EXPECT_EQ(bench.take(0), expected) << "the lowest first, all being alike";
    for (u32 line : expected) {
        EXPECT_EQ(bench.model.claims(line), 1u);
        EXPECT_EQ(bench.model.completions(line), 1u);
    }
    EXPECT_EQ(bench.take(0), std::vector<u32>{}) << "an interrupt that another hart had served";
}

INSTANTIATE_TEST_SUITE_P(Plic, PlicBoards, testing::ValuesIn(kBoards),
                         [](const auto& one) { return one.param.board; });

TEST(Plic, ALineThatStaysHighComesAgainAfterItsCompletion) {
    Bench bench(kBoards[0]);
    bench.open();
    ASSERT_TRUE(bench.plic.enable(32, 0).ok());
    bench.model.set_level(32, true);
    int served = 0;
    on_line = [&](IrqLine line) {
        EXPECT_EQ(line, 32u);
        EXPECT_FALSE(bench.model.interrupts(2)) << "a line is masked while it is served";
        if (++served == 3) bench.model.set_level(32, false);
    };
    bench.plic.take(0, deliver);
    EXPECT_EQ(served, 3);
    EXPECT_EQ(bench.model.completions(32), 3u);
}

TEST(Plic, ALineIsDisabledAtAllHarts) {
    Bench bench(kBoards[0]);
    bench.open();
    for (HartIndex hart = 0; hart < bench.harts(); ++hart) {
        ASSERT_TRUE(bench.plic.enable(136, hart).ok());
        ASSERT_TRUE(bench.plic.enable(135, hart).ok());
    }
    bench.plic.disable(136);
    bench.model.set_level(136, true);
    for (u32 context : bench.geometry.of_hart) {
        EXPECT_EQ(bench.model.enabled_lines(context), std::vector<u32>{135});
        EXPECT_FALSE(bench.model.interrupts(context));
    }
}

TEST(Plic, ALineThatIsDisabledWhileItIsServedIsNotDead) {
    Bench bench(kBoards[0]);
    bench.open();
    ASSERT_TRUE(bench.plic.enable(32, 0).ok());
    bench.model.set_level(32, true);
    on_line = [&](IrqLine line) { bench.plic.disable(line); };
    bench.plic.take(0, deliver);
    EXPECT_EQ(bench.model.completions(32), 1u);
    EXPECT_EQ(bench.model.enabled_lines(2), std::vector<u32>{}) << "it stays disabled";
    EXPECT_FALSE(bench.model.interrupts(2)) << "though it is high";
    ASSERT_TRUE(bench.plic.enable(32, 1).ok());
    EXPECT_EQ(bench.take(1), std::vector<u32>{32}) << "another hart takes it over";
}

TEST(Plic, AHartWithoutAContextIsRefusedAndLeftAlone) {
    Geometry geometry = kBoards[0];
    Bench bench(geometry);
    bench.machine->harts[1].plic_context = boot::kNoContext;
    bench.open();
    EXPECT_EQ(bench.plic.enable(1, 1).error(), Error::kNoDevice);
    ASSERT_TRUE(bench.plic.enable(1, 0).ok());
    ASSERT_TRUE(bench.plic.enable(1, 2).ok());
    bench.model.set_level(1, true);
    EXPECT_EQ(bench.take(1), std::vector<u32>{});
    bench.plic.disable(1);
    EXPECT_FALSE(bench.model.interrupts(bench.context(0)));
    EXPECT_FALSE(bench.model.interrupts(bench.context(2)));
}

TEST(Plic, AContextOutsideOfTheRegistersIsRefused) {
    // Room for the contexts 0 .. 4: hart 1, of context 4, is the last one served.
    Bench bench(kBoards[0], 0x20'0000 + 5 * 0x1000);
    bench.open();
    EXPECT_TRUE(bench.plic.enable(1, 0).ok());
    EXPECT_TRUE(bench.plic.enable(1, 1).ok());
    EXPECT_EQ(bench.plic.enable(1, 2).error(), Error::kNoDevice);
    EXPECT_EQ(bench.plic.enable(1, 3).error(), Error::kNoDevice);
    bench.plic.disable(1);
    EXPECT_EQ(bench.take(3), std::vector<u32>{});
}

TEST(Plic, AContextThatNoControllerHasIsRefusedHoweverLargeTheRegisters) {
    Bench bench(kBoards[0], 0x800'0000);
    bench.machine->harts[1].plic_context = 20'000;
    bench.open();
    EXPECT_EQ(bench.plic.enable(1, 1).error(), Error::kNoDevice);
    EXPECT_TRUE(bench.plic.enable(1, 0).ok());
}

TEST(Plic, ADescriptionThatMakesNoSenseLeavesNoLines) {
    const auto refused = [](u32 lines, u64 size) {
        Bench bench({"odd", lines, 2, {1}}, size);
        bench.open();
        EXPECT_FALSE(bench.plic.enable(1, 0).ok());
        EXPECT_EQ(bench.take(0), std::vector<u32>{});
        return bench.board.log;
    };
    EXPECT_NE(refused(0, kWholeSize).find("0 lines"), std::string::npos);
    EXPECT_NE(refused(1024, kWholeSize).find("1024 lines"), std::string::npos);
    EXPECT_NE(refused(53, 0x20'0fff).find("make no sense"), std::string::npos);
}

TEST(Plic, AMachineWithoutAControllerHasNoLines) {
    Board board;
    Plic plic;
    plic.init(*test::machine_with(1));
    plic.open_context(0);
    EXPECT_FALSE(plic.enable(1, 0).ok());
    plic.disable(1);
    plic.take(0, [](IrqLine) { FAIL(); });
    EXPECT_EQ(board.log, "");
}

TEST(Plic, HartsThatChangeOneWordAtOnceLoseNothing) {
    Bench bench({"shared", 63, 2, {1}}, kWholeSize, true);
    bench.open();
    // Each thread owns some lines of the same two words.
    constexpr u32 kThreads = 4;
    constexpr u32 kRounds = 10;
    std::vector<std::thread> threads;
    for (u32 mine = 0; mine < kThreads; ++mine) {
        threads.emplace_back([&bench, mine] {
            for (u32 round = 0; round < kRounds; ++round) {
                for (u32 line = 1 + mine; line <= 63; line += kThreads) {
                    if ((line + round) % 2 == 0) {
                        EXPECT_TRUE(bench.plic.enable(line, 0).ok());
                    } else {
                        bench.plic.disable(line);
                    }
                }
                for (u32 line = 1 + mine; line <= 63; line += kThreads) {
                    ASSERT_EQ(bench.model.enabled(1, line), (line + round) % 2 == 0) << line;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

TEST(Plic, ALineDisabledByAnotherHartWhileItIsServedIsNotDead) {
    Bench bench(kBoards[1], kWholeSize, true);
    bench.open();
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            bench.plic.disable(73);
            EXPECT_TRUE(bench.plic.enable(73, 0).ok());
        }
    });
    u32 served = 0;
    on_line = [&](IrqLine line) {
        bench.model.set_level(line, false);
        ++served;
    };
    // No bound on the rounds: the other thread may lose its processor between disable and enable,
    // and then no round serves anything. A line that died shows as a claim without completion.
    while (served < 300) {
        const u32 before = served;
        bench.model.set_level(73, true);
        bench.plic.take(0, deliver);
        if (bench.model.completions(73) != bench.model.claims(73)) break;
        if (served == before) std::this_thread::yield();
    }
    done = true;
    other.join();
    EXPECT_EQ(bench.model.completions(73), bench.model.claims(73));
    EXPECT_GE(served, 300u);
}

TEST(PlicDeathTest, AControllerThatClaimsALineItDoesNotHaveIsNotTrusted) {
    Bench bench(kBoards[0]);
    bench.machine->plic->lines = 100;
    bench.open();
    bench.model.leave_everything_on();
    bench.model.set_level(120, true);
    EXPECT_DEATH(bench.plic.take(0, [](IrqLine) {}), "line 120 of 100 asks for service");
}

}  // namespace
}  // namespace arch::riscv64
