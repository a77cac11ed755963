// Numbers out of texts.
#include <ctype.h>
#include <libc.h>

enum { kNoDigit = 99 };

static uint digit(int c) {
    if (isdigit(c)) return c - '0';
    if (isalpha(c)) return tolower(c) - 'a' + 10;
    return kNoDigit;
}

// What strto*() have in common: the number without its sign, at most `limit` for either sign.
typedef struct {
    uvlong value;
    int negative, overflow;
} Number;

static Number scan(const char* text, char** end, int base) {
    const char* at = text;
    Number number = {0, 0, 0};
    while (isspace((uchar)*at)) ++at;
    if (*at == '-' || *at == '+') number.negative = *at++ == '-';
    const int hex = at[0] == '0' && tolower((uchar)at[1]) == 'x' && digit((uchar)at[2]) < 16;
    if (hex && (base == 0 || base == 16)) {
        base = 16;
        at += 2;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    const char* first = at;
    for (; digit((uchar)*at) < (uint)base; ++at) {
        const uint next = digit((uchar)*at);
        if (number.value > (~0ull - next) / base) number.overflow = 1;
        number.value = number.value * base + next;
    }
    if (end != nil) *end = (char*)(at > first ? at : text);
    return number;
}

vlong strtoll(const char* text, char** end, int base) {
    const Number number = scan(text, end, base);
    const uvlong limit = (1ull << 63) - !number.negative;
    const uvlong value = number.overflow || number.value > limit ? limit : number.value;
    return number.negative ? -value : value;
}

uvlong strtoull(const char* text, char** end, int base) {
    const Number number = scan(text, end, base);
    if (number.overflow) return ~0ull;
    return number.negative ? -number.value : number.value;
}

long strtol(const char* text, char** end, int base) { return strtoll(text, end, base); }

ulong strtoul(const char* text, char** end, int base) {
    const uvlong value = strtoull(text, end, base);
    return value + 0xffffffffull > 2 * 0xffffffffull ? ~(ulong)0 : value;
}

vlong atoll(const char* text) { return strtoll(text, nil, 10); }
long atol(const char* text) { return strtoll(text, nil, 10); }
int atoi(const char* text) { return strtoll(text, nil, 10); }

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return value < 0 ? -value : value; }

long muldiv(long a, long b, long c) { return (__int128)a * b / c; }
ulong umuldiv(ulong a, ulong b, ulong c) { return (uvlong)a * b / c; }
