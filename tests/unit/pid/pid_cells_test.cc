// BasicPidCells: finding, counting, binding and ending numbers, and the bugs it stops at.
#include "pid/pid_cells.h"

#include <gtest/gtest.h>

#include "tests/unit/pid/test_memory.h"
#include "tests/unit/show_panics.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

class PidCellsTest : public ::testing::Test {
protected:
    u32 allocate(std::optional<u32> slot = std::nullopt, u32 references = 1) {
        Result<u32> number = cells_.allocate(0, slot, references, Nanos{1});
        EXPECT_TRUE(number.ok());
        return std::move(number).value();
    }

    TestMemory memory_{9};
    PidCells cells_{memory_.options()};
};

TEST_F(PidCellsTest, AnUnboundNumberIsReservedButNotFound) {
    const u32 number = allocate();
    EXPECT_EQ(cells_.lookup(number), std::nullopt);
    EXPECT_EQ(cells_.references(number), 1u);
    cells_.release(number, 1);
    EXPECT_EQ(cells_.references(number), 0u);
}

TEST_F(PidCellsTest, ABoundNumberIsFoundUntilItExits) {
    const u32 number = allocate();
    cells_.bind(number, 42);
    EXPECT_EQ(cells_.lookup(number), SlotHint{42});
    cells_.exit(number, 42, 1);
    EXPECT_EQ(cells_.lookup(number), std::nullopt);
    EXPECT_EQ(cells_.references(number), 0u);
}

TEST_F(PidCellsTest, AllocatingWithASlotBindsAtOnce) {
    const u32 number = allocate(7, 2);
    EXPECT_EQ(cells_.lookup(number), SlotHint{7});
    EXPECT_EQ(cells_.references(number), 2u);
    cells_.exit(number, 7, 2);
    EXPECT_EQ(cells_.references(number), 0u);
}

TEST_F(PidCellsTest, SlotZeroAndTheLargestSlotAreFound) {
    for (const u32 slot : {u32{0}, u32{510}}) {
        const u32 number = allocate();
        cells_.bind(number, slot);
        EXPECT_EQ(cells_.lookup(number), SlotHint{slot});
        cells_.exit(number, slot, 1);
    }
}

TEST_F(PidCellsTest, ANumberOutlivesItsProcessWhileSomebodyMentionsIt) {
    const u32 number = allocate(5);
    cells_.dup(number);
    cells_.exit(number, 5, 1);
    EXPECT_EQ(cells_.lookup(number), std::nullopt);
    EXPECT_EQ(cells_.references(number), 1u);
    EXPECT_TRUE(cells_.acquire(number));
    EXPECT_EQ(cells_.references(number), 2u);
    cells_.release(number, 2);
    EXPECT_FALSE(cells_.acquire(number));
}

TEST_F(PidCellsTest, NumbersThatWereNeverGivenAreNobodys) {
    const u32 number = allocate(5);
    for (const u32 other : {u32{0}, u32{1}, number + 1, number + 512, number | 0x8000'0000u,
                            u32{0x8000'0000u}, u32{0x8000'0001u}, ~u32{0}, kMaxNumber}) {
        EXPECT_EQ(cells_.lookup(other), std::nullopt) << other;
        EXPECT_EQ(cells_.references(other), 0u) << other;
        EXPECT_FALSE(cells_.acquire(other)) << other;
    }
    cells_.exit(number, 5, 1);
}

TEST_F(PidCellsTest, AFormerNumberOfACellIsNobodys) {
    TestMemory memory(6);
    PidCells cells(memory.options());
    const u32 old = cells.allocate(0, 3, 1, Nanos{}).value();
    cells.exit(old, 3, 1);
    u32 successor = 0;
    while (successor % 64 != old) {
        if (successor != 0) cells.release(successor, 1);
        successor = cells.allocate(0, std::nullopt, 1, Nanos{}).value();
    }
    EXPECT_NE(successor, old);
    EXPECT_FALSE(cells.acquire(old));
    EXPECT_EQ(cells.references(old), 0u);
    cells.bind(successor, 9);
    EXPECT_EQ(cells.lookup(old), std::nullopt);
    EXPECT_EQ(cells.lookup(successor), SlotHint{9});
    cells.exit(successor, 9, 1);
    EXPECT_EQ(cells.counters().live, 0u);
}

class PidCellsDeathTest : public PidCellsTest {
protected:
    PidCellsDeathTest() { kernel::testing::show_panics(); }
};

TEST_F(PidCellsDeathTest, DroppingMoreThanThereIsStops) {
    const u32 number = allocate();
    EXPECT_DEATH(cells_.release(number, 2), "holds.number, count");
    EXPECT_DEATH(cells_.release(number, 0xffff'ffff), "kMaxReferences");
    EXPECT_DEATH(cells_.release(number, 0), "count != 0");
    cells_.release(number, 1);
    EXPECT_DEATH(cells_.release(number, 1), "holds.number, count");
}

TEST_F(PidCellsDeathTest, DroppingTheLastReferenceOfABoundNumberStops) {
    const u32 number = allocate(1);
    EXPECT_DEATH(cells_.release(number, 1), "bound");
    cells_.exit(number, 1, 1);
}

TEST_F(PidCellsDeathTest, AddingToANumberNobodyHoldsStops) {
    const u32 number = allocate();
    cells_.release(number, 1);
    EXPECT_DEATH(cells_.dup(number), "holds.number, 1");
}

TEST_F(PidCellsDeathTest, MoreReferencesThanAreCountedStop) {
    const u32 number = cells_.allocate(0, std::nullopt, PidWord::kMaxReferences, Nanos{}).value();
    EXPECT_TRUE(cells_.acquire(number));
    EXPECT_TRUE(cells_.acquire(number));
    EXPECT_DEATH((void)cells_.acquire(number), "references");
    EXPECT_DEATH(cells_.dup(number), "holds.number, 1");
    cells_.release(number, 2);
    cells_.release(number, PidWord::kMaxReferences);
    EXPECT_EQ(cells_.references(number), 0u);
}

TEST_F(PidCellsDeathTest, BindingTwiceStops) {
    const u32 number = allocate(1);
    EXPECT_DEATH(cells_.bind(number, 2), "bound");
    cells_.exit(number, 1, 1);
}

TEST_F(PidCellsDeathTest, ExitingFromAnotherSlotStops) {
    const u32 number = allocate(1);
    EXPECT_DEATH(cells_.exit(number, 2, 1), "slot");
    cells_.exit(number, 1, 1);
}

}  // namespace
}  // namespace kernel::pid
