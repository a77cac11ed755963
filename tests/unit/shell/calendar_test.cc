// The calendar: known moments, leap days, and every day of four centuries against the C library.
#include "shell/calendar.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace kernel::shell {
namespace {

std::string long_date(u64 seconds) {
    std::array<char, 64> buffer;
    BufferSink sink(buffer);
    put_long_date(sink, seconds);
    return std::string(sink.text());
}

TEST(Calendar, KnowsTheEpoch) { EXPECT_EQ(long_date(0), "Thu Jan  1 00:00:00 UTC 1970"); }

TEST(Calendar, KnowsLeapDays) {
    EXPECT_EQ(long_date(951'782'400), "Tue Feb 29 00:00:00 UTC 2000");
    EXPECT_EQ(long_date(951'868'799), "Tue Feb 29 23:59:59 UTC 2000");
    EXPECT_EQ(long_date(4'107'542'400), "Mon Mar  1 00:00:00 UTC 2100");
}

TEST(Calendar, AgreesWithTheCLibraryOnEachDay) {
    constexpr u64 kDays = 146'097;
    for (u64 day = 0; day < kDays; ++day) {
        const u64 seconds = day * 86'400 + day % 86'400;
        const time_t moment = static_cast<time_t>(seconds);
        std::tm expected{};
        gmtime_r(&moment, &expected);
        const Date date = date_of(seconds);
        ASSERT_EQ(date.year, static_cast<u64>(expected.tm_year) + 1900) << seconds;
        ASSERT_EQ(date.month, static_cast<u32>(expected.tm_mon) + 1) << seconds;
        ASSERT_EQ(date.day, static_cast<u32>(expected.tm_mday)) << seconds;
        ASSERT_EQ(date.hour, static_cast<u32>(expected.tm_hour)) << seconds;
        ASSERT_EQ(date.minute, static_cast<u32>(expected.tm_min)) << seconds;
        ASSERT_EQ(date.second, static_cast<u32>(expected.tm_sec)) << seconds;
        ASSERT_EQ(date.week_day, static_cast<u32>(expected.tm_wday)) << seconds;
    }
}

}  // namespace
}  // namespace kernel::shell
