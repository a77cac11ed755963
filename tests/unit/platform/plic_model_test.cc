// The model of the interrupt controller: it sees what a driver must not do.
#include "tests/host/devices/plic_model.h"

#include <gtest/gtest.h>

namespace host {
namespace {

using kernel::u64;

constexpr u64 kEnables1 = 0x2080;
constexpr u64 kClaim0 = 0x20'0004;
constexpr u64 kClaim1 = 0x20'1004;

PlicModel::Options small() { return {.sources = 40, .contexts = 2, .supervisor = {1}}; }

TEST(PlicModel, CountsAccessesThatAreNotWholeWords) {
    PlicModel model(small());
    (void)model.read(4, 8);
    (void)model.read(4, 1);
    model.write(6, 4, 0);
    EXPECT_EQ(model.violations(), (PlicModel::Violations{.width = 3}));
}

TEST(PlicModel, CountsAccessesOutsideOfTheRegisters) {
    PlicModel model(small());
    (void)model.read(0, 4);              // line 0
    model.write(41 * 4, 4, 1);           // beyond the last
    (void)model.read(kEnables1 + 8, 4);  // a third word
    (void)model.read(0x2100, 4);         // a third context
    model.write(0x20'1008, 4, 0);        // beyond the claim register
    model.write(0x1000, 4, 1);           // pending is read only
    EXPECT_EQ(model.violations(), (PlicModel::Violations{.outside = 6}));
}

TEST(PlicModel, CountsWhatIsDoneToTheMachinesOwnContexts) {
    PlicModel model(small());
    (void)model.read(kClaim0, 4);
    model.write(0x2000, 4, 2);
    EXPECT_EQ(model.violations(), (PlicModel::Violations{.foreign = 2}));
}

TEST(PlicModel, CountsCompletionsOfWhatWasNotClaimedHere) {
    PlicModel model(small());
    model.write(kClaim1, 4, 5);
    EXPECT_EQ(model.violations(), (PlicModel::Violations{.not_claimed = 1}));
}

TEST(PlicModel, ACompletionOfALineThatIsNotEnabledIsLostAndTheLineIsDead) {
    PlicModel model(small());
    model.write(5 * 4, 4, 1);
    model.write(kEnables1, 4, 1u << 5);
    model.set_level(5, true);
    EXPECT_TRUE(model.interrupts(1));
    EXPECT_EQ(model.read(kClaim1, 4), 5u);
    model.write(kEnables1, 4, 0);
    model.write(kClaim1, 4, 5);
    model.write(kEnables1, 4, 1u << 5);
    EXPECT_FALSE(model.interrupts(1));
    EXPECT_EQ(model.violations(), (PlicModel::Violations{.lost = 1}));
}

TEST(PlicModel, PriorityZeroNeverInterruptsAndTheThresholdHoldsBack) {
    PlicModel model(small());
    model.write(kEnables1, 4, 1u << 5);
    model.set_level(5, true);
    EXPECT_FALSE(model.interrupts(1));
    model.write(5 * 4, 4, 1);
    EXPECT_TRUE(model.interrupts(1));
    model.write(0x20'1000, 4, 1);
    EXPECT_FALSE(model.interrupts(1));
    EXPECT_EQ(model.read(0x1000, 4), 1u << 5);
}

}  // namespace
}  // namespace host
