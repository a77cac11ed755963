// Exact decimal numbers: digits that are shifted by bits.
#include "decimal.h"

enum { kShift = 32 };  // bits at once

static void trim(Decimal* d) {
    while (d->count > 0 && d->digits[d->count - 1] == 0) --d->count;
}

void _decimal_set(Decimal* d, uvlong value) {
    uchar reversed[20];
    int count = 0;
    for (; value != 0; value /= 10) reversed[count++] = value % 10;
    for (int i = 0; i < count; ++i) d->digits[i] = reversed[count - 1 - i];
    d->count = d->point = count;
    d->more = 0;
    trim(d);
}

static void shift_left(Decimal* d, int bits) {
    uchar carried[20];
    int extra = 0;
    uvlong carry = 0;
    for (int i = d->count; i-- > 0;) {
        carry += (uvlong)d->digits[i] << bits;
        d->digits[i] = carry % 10;
        carry /= 10;
    }
    for (; carry != 0; carry /= 10) carried[extra++] = carry % 10;
    // What is pushed out at the end leaves its trace.
    int kept = d->count;
    if (kept > kMostDigits - extra) kept = kMostDigits - extra;
    for (int i = kept; i < d->count; ++i) d->more |= d->digits[i] != 0;
    memmove(d->digits + extra, d->digits, kept);
    for (int i = 0; i < extra; ++i) d->digits[i] = carried[extra - 1 - i];
    d->count = kept + extra;
    d->point += extra;
    trim(d);
}

static void shift_right(Decimal* d, int bits) {
    const uvlong mask = (1ull << bits) - 1;
    int from = 0, to = 0;
    uvlong rest = 0;
    // Digits go in until one comes out.
    while (rest >> bits == 0) {
        if (from >= d->count && rest == 0) {
            d->count = 0;
            return;
        }
        rest = rest * 10 + (from < d->count ? d->digits[from] : 0);
        ++from;
    }
    d->point -= from - 1;
    for (;;) {
        const uint digit = rest >> bits;
        rest &= mask;
        if (to < kMostDigits) {
            d->digits[to++] = digit;
        } else {
            d->more |= digit != 0;
        }
        if (from >= d->count && rest == 0) break;
        rest = rest * 10 + (from < d->count ? d->digits[from] : 0);
        ++from;
    }
    d->count = to;
    trim(d);
}

void _decimal_scale(Decimal* d, int exponent) {
    while (exponent != 0 && d->count > 0) {
        const int size = exponent < 0 ? -exponent : exponent;
        const int bits = size < kShift ? size : kShift;
        if (exponent < 0) {
            shift_right(d, bits);
            exponent += bits;
        } else {
            shift_left(d, bits);
            exponent -= bits;
        }
    }
}

// Whether the number with `count` of its digits is to be the next larger one.
static int rounds_up(const Decimal* d, int count) {
    if (count < 0 || count >= d->count) return 0;
    const int half = d->digits[count] == 5 && count + 1 == d->count && !d->more;
    if (half) return count > 0 && d->digits[count - 1] % 2 != 0;
    return d->digits[count] >= 5;
}

void _decimal_round(Decimal* d, int count) {
    if (count >= d->count) return;
    int up = rounds_up(d, count);
    d->count = count > 0 ? count : 0;
    d->more = 0;
    while (up && d->count > 0 && d->digits[d->count - 1] == 9) --d->count;
    if (up && d->count == 0) {
        d->digits[d->count++] = 1;
        ++d->point;
    } else if (up) {
        ++d->digits[d->count - 1];
    }
    trim(d);
}

uvlong _decimal_whole(const Decimal* d) {
    uvlong whole = 0;
    for (int i = 0; i < d->point; ++i) whole = whole * 10 + (i < d->count ? d->digits[i] : 0);
    return whole + rounds_up(d, d->point);
}
