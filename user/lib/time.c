// Time as people write it. There is one zone, GMT.
#include <libc.h>

enum { kDay = 24 * 60 * 60, kDaysIn400Years = 146097, kDaysTo1970 = 719468 };

long time(long* seconds) {
    const long now = nsec() / 1000000000;
    if (seconds != nil) *seconds = now;
    return now;
}

static long floor_div(long a, long b) { return a / b - (a % b < 0); }

static Tm fields_of(vlong seconds) {
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
        .zone = "GMT",
        .yday = mon < 2 ? of_year - 306 : of_year + 59 + leap,
    };
}

// Days from 1970 to the first of a month, which may be beyond the year.
static long days_before(long year, long month) {
    const long full = year + floor_div(month, 12) + 1900;
    const long mon = month - floor_div(month, 12) * 12;
    const long from_march = full - (mon < 2);
    const long era = floor_div(from_march, 400);
    const long of_era = from_march - era * 400;
    const long day = (153 * (mon < 2 ? mon + 10 : mon - 2) + 2) / 5;
    return era * kDaysIn400Years + of_era * 365 + of_era / 4 - of_era / 100 + day - kDaysTo1970;
}

static vlong seconds_of(const Tm* tm) {
    const vlong days = days_before(tm->year, tm->mon) + tm->mday - 1;
    return ((days * 24 + tm->hour) * 60 + tm->min) * 60 + tm->sec;
}

Tm* gmtime(long seconds) {
    static Tm tm;
    tm = fields_of(seconds);
    return &tm;
}

Tm* localtime(long seconds) { return gmtime(seconds); }

static const char kDays[] = "SunMonTueWedThuFriSat";
static const char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

char* asctime(const Tm* tm) {
    static char text[40];
    snprint(text, sizeof text, "%.3s %.3s %2d %.2d:%.2d:%.2d GMT %d\n", &kDays[3 * tm->wday],
            &kMonths[3 * tm->mon], tm->mday, tm->hour, tm->min, tm->sec, tm->year + 1900);
    return text;
}

char* ctime(long seconds) { return asctime(gmtime(seconds)); }
long tm2sec(Tm* tm) { return seconds_of(tm); }

struct Tzone {
    const char* name;
};

Tzone* tzload(const char* name) {
    static Tzone gmt = {"GMT"};
    if (strcmp(name, gmt.name) == 0 || strcmp(name, "local") == 0) return &gmt;
    werrstr("no time zone '%s'", name);
    return nil;
}

Tm* tmtimens(Tm* tm, vlong seconds, int nanoseconds, Tzone* zone) {
    *tm = fields_of(seconds);
    tm->nsec = nanoseconds;
    tm->tz = zone;
    return tm;
}

Tm* tmtime(Tm* tm, vlong seconds, Tzone* zone) { return tmtimens(tm, seconds, 0, zone); }

Tm* tmnow(Tm* tm, Tzone* zone) {
    const vlong now = nsec();
    return tmtimens(tm, now / 1000000000, now % 1000000000, zone);
}

vlong tmnorm(Tm* tm) {
    const vlong seconds = seconds_of(tm);
    tmtimens(tm, seconds, tm->nsec, tm->tz);
    return seconds;
}
