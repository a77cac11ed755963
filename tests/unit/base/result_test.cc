// Result and TRY: values and errors travel; move-only values are moved.
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace kernel {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return Error::kBadArg;
    return number / 2;
}
Result<int> quarter(int number) { return TRY(half(TRY(half(number)))); }
Result<void> check(int number) {
    (void)TRY(quarter(number));  // ignored: only whether it works matters
    return {};
}

TEST(Result, TryPassesValuesAndErrorsOn) {
    EXPECT_EQ(quarter(12).value(), 3);
    EXPECT_EQ(quarter(6).error(), Error::kBadArg);
    EXPECT_TRUE(check(8).ok());
    EXPECT_EQ(check(7).error(), Error::kBadArg);
}

TEST(Result, MovesMoveOnlyValues) {
    Result<std::unique_ptr<int>> boxed(std::make_unique<int>(5));
    Result<std::unique_ptr<int>> moved(std::move(boxed));
    EXPECT_EQ(*std::move(moved).value(), 5);
    Result<std::unique_ptr<int>> assigned(Error::kIo);
    assigned = Result<std::unique_ptr<int>>(std::make_unique<int>(6));
    EXPECT_EQ(*assigned.value(), 6);
}

TEST(ResultDeathTest, TheValueOfAnErrorPanics) { EXPECT_DEATH((void)half(1).value(), ""); }

TEST(Error, EveryTextIsShortAndNotEmpty) {
    EXPECT_EQ(error_text(Error::kProcessExited), "process exited");
    EXPECT_EQ(error_text(Error::kGeneric), "the front fell off");
}

}  // namespace
}  // namespace kernel
