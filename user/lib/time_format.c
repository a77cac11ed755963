// %τ: a time as its format says.
#include <libc.h>

static const char* const kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                    "Thursday", "Friday", "Saturday"};
static const char* const kMonths[] = {"January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December"};

Tmfmt tmfmt(Tm* tm, char* format) { return (Tmfmt){format, tm}; }

// Puts what `count` times the letter says. -1 when putting fails.
static int put_part(Fmt* f, const Tm* tm, int letter, int count, const char* how) {
    switch (letter) {
        case 'Y':
            return count == 2 ? fmtprint(f, "%02d", tm->year % 100)
                              : fmtprint(f, "%.4d", tm->year + 1900);
        case 'M':
            if (count >= 3) return fmtprint(f, count == 3 ? "%.3s" : "%s", kMonths[tm->mon]);
            return fmtprint(f, how, tm->mon + 1);
        case 'D':
            return fmtprint(f, how, tm->mday);
        case 'W':
            if (count == 1) return fmtprint(f, "%d", tm->wday + 1);
            return fmtprint(f, count == 2 ? "%.3s" : "%s", kDays[tm->wday]);
        case 'h':
            return fmtprint(f, how, tm->hour);
        case 'a':
        case 'A':
            return fmtprint(
                f, letter == 'a' ? (tm->hour < 12 ? "am" : "pm") : (tm->hour < 12 ? "AM" : "PM"));
        case 'm':
            return fmtprint(f, how, tm->min);
        case 's':
            return fmtprint(f, how, tm->sec);
        case 't':
            return count == 1 ? fmtprint(f, how, tm->nsec / 1000000)
                              : fmtprint(f, "%.3d", tm->nsec / 1000000);
        default: {
            // The zone: its distance as digits, the same with a colon, its name.
            const int minutes = tm->tzoff / 60;
            const int size = minutes < 0 ? -minutes : minutes;
            if (count >= 3) return fmtprint(f, "%s", tm->zone);
            return fmtprint(f, count == 2 ? "%c%02d:%02d" : "%c%02d%02d", minutes < 0 ? '-' : '+',
                            size / 60, size % 60);
        }
    }
}

static int format_time(Fmt* f) {
    const Tmfmt given = va_arg(f->args, Tmfmt);
    const char* at = given.fmt != nil ? given.fmt : "WW MMM _D hh:mm:ss ZZZ YYYY";
    if (given.tm == nil) return fmtstrcpy(f, nil);
    while (*at != '\0') {
        if (*at == '[') {
            // Said as it is: [at].
            for (++at; *at != '\0' && *at != ']'; ++at) {
                if (fmtrune(f, (uchar)*at) < 0) return -1;
            }
            at += *at != '\0';
            continue;
        }
        const int blank = *at == '_' && strchr("MDhmst", at[1]) != nil && at[1] != '\0';
        at += blank;
        Rune letter;
        const int size = chartorune(&letter, at);
        if (*at == '~' || *at == '?') {
            ++at;
            continue;
        }
        if (letter >= Runeself || strchr("YMDWhmstaAZ", letter) == nil) {
            if (fmtrune(f, letter) < 0) return -1;
            at += size;
            continue;
        }
        int count = 0;
        for (; *at == (char)letter; ++at) ++count;
        const char* how = blank ? "%2d" : count >= 2 ? "%.2d" : "%d";
        if (put_part(f, given.tm, letter, count, how) < 0) return -1;
    }
    return 0;
}

void tmfmtinstall(void) { fmtinstall(0x3C4, format_time); }
