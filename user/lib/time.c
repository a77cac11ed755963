// Time as people write it. There is one zone, GMT.
#include <libc.h>

enum { kDay = 24 * 60 * 60, kDaysIn400Years = 146097, kDaysTo1970 = 719468 };

long time(long* seconds) {
    const long now = nsec() / 1000000000;
    if (seconds != nil) *seconds = now;
    return now;
}

static long floor_div(long a, long b) { return a / b - (a % b < 0); }

Tm gmtime(long seconds) {
    const long days = floor_div(seconds, kDay);
    const long rest = seconds - days * kDay;
    // Days since 1 March of year 0: leap days end a year, a century and an era, and months follow
    // one pattern.
    const long era = floor_div(days + kDaysTo1970, kDaysIn400Years);
    const long of_era = days + kDaysTo1970 - era * kDaysIn400Years;
    const long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const long of_year = of_era - (365 * year + year / 4 - year / 100);
    const int month = (5 * of_year + 2) / 153;  // from March
    const int mon = month < 10 ? month + 2 : month - 10;
    const long full_year = year + 400 * era + (mon < 2);
    const int leap = (full_year % 4 == 0 && full_year % 100 != 0) || full_year % 400 == 0;
    return (Tm){
        .sec = rest % 60,
        .min = rest / 60 % 60,
        .hour = rest / 3600,
        .mday = of_year - (153 * month + 2) / 5 + 1,
        .mon = mon,
        .year = full_year - 1900,
        .wday = (days % 7 + 11) % 7,  // 1 January 1970 was a Thursday
        .yday = mon < 2 ? of_year - 306 : of_year + 59 + leap,
    };
}

char* asctime(char buffer[30], const Tm* tm) {
    snprint(buffer, 30, "%.3s %.3s %2d %.2d:%.2d:%.2d GMT %d\n",
            &"SunMonTueWedThuFriSat"[3 * tm->wday],
            &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * tm->mon], tm->mday, tm->hour, tm->min,
            tm->sec, tm->year + 1900);
    return buffer;
}
