// Calendar: seconds since 1970 as dates, in UTC.
#pragma once

#include "base/format.h"
#include "base/std.h"

namespace kernel::shell {

/// A moment of the proleptic Gregorian calendar, UTC.
struct Date {
    u64 year;
    u32 month;  // 1..12
    u32 day;    // 1..31
    u32 hour;
    u32 minute;
    u32 second;
    u32 week_day;  // 0 is Sunday
};

/// The date of `seconds` after 1970-01-01 00:00:00 UTC. Any context. Cost: O(1).
Date date_of(u64 seconds);

/// "Nov 21 08:13": the date as a listing shows it.
void put_short_date(Sink& sink, u64 seconds);

/// "Sat Nov 21 08:13:06 UTC 2026": the date as date(1) shows it.
void put_long_date(Sink& sink, u64 seconds);

}  // namespace kernel::shell
