// PidTable and PidRef: each handle is one reference, whatever is done to it.
#include "pid/pid_ref.h"

#include <gtest/gtest.h>

#include <vector>

#include "pid/pid_table.h"
#include "tests/unit/pid/test_memory.h"
#include "tests/unit/show_panics.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

// What types exclude.
static_assert(!std::is_copy_constructible_v<PidRef>, "a copy would be an uncounted reference");
static_assert(!std::is_copy_assignable_v<PidRef>);
static_assert(!std::is_constructible_v<PidRef, u32>, "a number alone is not a reference");
static_assert(!std::is_constructible_v<PidRef, PidCells*, u32>);
static_assert(!std::is_convertible_v<PidRef, u32> && !std::is_convertible_v<PidRef, bool>);
static_assert(std::is_nothrow_move_constructible_v<PidRef>);
static_assert(!std::is_copy_constructible_v<PidTable> && !std::is_move_constructible_v<PidTable>,
              "references point into the table");
template <class Number>
concept CanExit = requires(PidTable& table, Number&& number) {
    table.exit(std::forward<Number>(number), SlotHint{1});
};
static_assert(CanExit<PidRef>);
static_assert(!CanExit<PidRef&>, "exit consumes the reference");
static_assert(!CanExit<u32>);
template <class Number>
concept CanBind = requires(PidTable& table, Number&& number) {
    table.bind(std::forward<Number>(number), SlotHint{1});
};
static_assert(CanBind<const PidRef&> && !CanBind<u32>);
template <class Number>
concept CanTake = requires(Number&& number) { number.take(); };
static_assert(!CanTake<PidRef>, "a reference cannot be turned into a bare count");

class PidRefTest : public ::testing::Test {
protected:
    PidRef make() { return std::move(table_.allocate(0, Nanos{1})).value(); }
    void TearDown() override { EXPECT_EQ(table_.counters().live, 0u); }

    TestMemory memory_{9};
    PidTable table_{memory_.options()};
};

TEST_F(PidRefTest, TheHandleHoldsTheNumber) {
    u32 number = 0;
    {
        const PidRef own = make();
        number = own.number();
        EXPECT_EQ(table_.references(number), 1u);
    }
    EXPECT_EQ(table_.references(number), 0u);
}

TEST_F(PidRefTest, DupAddsAndMovingDoesNot) {
    PidRef own = make();
    const u32 number = own.number();
    PidRef parent = own.dup();
    EXPECT_EQ(table_.references(number), 2u);
    PidRef moved = std::move(own);
    EXPECT_FALSE(own);
    EXPECT_EQ(own.number(), 0u);
    EXPECT_EQ(table_.references(number), 2u);
    PidRef& alias = moved;
    moved = std::move(alias);
    EXPECT_EQ(moved.number(), number);
    parent.reset();
    EXPECT_EQ(table_.references(number), 1u);
    EXPECT_FALSE(parent.dup());
}

TEST_F(PidRefTest, AssignmentDropsWhatWasHeldAtOnce) {
    PidRef first = make();
    PidRef second = make();
    const u32 old = first.number();
    first = std::move(second);
    EXPECT_EQ(table_.references(old), 0u);
    EXPECT_FALSE(second);
}

TEST_F(PidRefTest, ExitUnnamesAndDropsInOneStep) {
    PidRef own = make();
    PidRef group = own.dup();
    const u32 number = own.number();
    table_.bind(own, SlotHint{12});
    EXPECT_EQ(table_.lookup(number), SlotHint{12});
    table_.exit(std::move(own), SlotHint{12});
    EXPECT_EQ(table_.lookup(number), std::nullopt);
    EXPECT_EQ(table_.references(number), 1u);
    group.reset();
    EXPECT_EQ(table_.references(number), 0u);
}

TEST_F(PidRefTest, AcquireGivesAReferenceOrNobody) {
    PidRef own = make();
    const u32 number = own.number();
    {
        const PidRef other = table_.acquire(number);
        EXPECT_EQ(other.number(), number);
        EXPECT_EQ(table_.references(number), 2u);
    }
    own.reset();
    EXPECT_FALSE(table_.acquire(number));
    EXPECT_FALSE(table_.acquire(0));
}

TEST_F(PidRefTest, TheFirstNumberIsOne) {
    const PidRef init = std::move(table_.allocate_first()).value();
    EXPECT_EQ(init.number(), 1u);
    EXPECT_EQ(make().number(), 2u);
}

TEST_F(PidRefTest, ExhaustionIsAnOrdinaryError) {
    std::vector<PidRef> all;
    for (;;) {
        Result<PidRef> next = table_.allocate(0, Nanos{1});
        if (!next.ok()) {
            EXPECT_EQ(next.error(), Error::kNoProcs);
            break;
        }
        all.push_back(std::move(next).value());
    }
    EXPECT_EQ(all.size(), 511u);  // all but 0; the first number was not asked for in time
}

class PidRefDeathTest : public PidRefTest {
protected:
    PidRefDeathTest() { kernel::testing::show_panics(); }
};

TEST_F(PidRefDeathTest, BindingOrExitingNobodyStops) {
    EXPECT_DEATH(table_.bind(PidRef(), SlotHint{1}), "number");
    EXPECT_DEATH(table_.exit(PidRef(), SlotHint{1}), "number");
}

}  // namespace
}  // namespace kernel::pid
