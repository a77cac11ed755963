// Calendar: days since 1970 to year, month and day, by counting 400-year cycles from the first of
// March.
#include "shell/calendar.h"

namespace kernel::shell {
namespace {

constexpr u64 kSecondsPerDay = 86'400;
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kWeekDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

}  // namespace

Date date_of(u64 seconds) {
    // Years start on the first of March here, so that the leap day is the last day of a year; day 0
    // is 0000-03-01.
    constexpr u64 kDaysTo1970 = 719'468;
    constexpr u64 kDaysPerCycle = 146'097;  // 400 years
    const u64 days = seconds / kSecondsPerDay + kDaysTo1970;
    const u64 cycle = days / kDaysPerCycle;
    const u64 day_of_cycle = days % kDaysPerCycle;
    const u64 year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) / 365;
    const u64 day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    // Months from March have 31, 30, 31, 30, 31 days, twice, and then the rest: 153 days in five of
    // them.
    const u64 month_from_march = (5 * day_of_year + 2) / 153;
    const u64 second_of_day = seconds % kSecondsPerDay;
    const u32 month =
        static_cast<u32>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return Date{
        .year = cycle * 400 + year_of_cycle + (month <= 2 ? 1 : 0),
        .month = month,
        .day = static_cast<u32>(day_of_year - (153 * month_from_march + 2) / 5 + 1),
        .hour = static_cast<u32>(second_of_day / 3600),
        .minute = static_cast<u32>(second_of_day / 60 % 60),
        .second = static_cast<u32>(second_of_day % 60),
        .week_day =
            static_cast<u32>((seconds / kSecondsPerDay + 4) % 7),  // 1970-01-01 was a Thursday
    };
}

void put_short_date(Sink& sink, u64 seconds) {
    const Date date = date_of(seconds);
    format_to(sink, "{} {:2} {:02}:{:02}", kMonths[date.month - 1], date.day, date.hour,
              date.minute);
}

void put_long_date(Sink& sink, u64 seconds) {
    const Date date = date_of(seconds);
    format_to(sink, "{} {} {:2} {:02}:{:02}:{:02} UTC {}", kWeekDays[date.week_day],
              kMonths[date.month - 1], date.day, date.hour, date.minute, date.second, date.year);
}

}  // namespace kernel::shell
