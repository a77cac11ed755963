// strtod() and its like: the double that is nearest to the text.
#include <ctype.h>

#include "decimal.h"

enum { kLargest = 400 };  // powers of ten beyond it are Inf or 0 whatever the digits are

// The double nearest to `d`.
static double value_of(Decimal* d) {
    if (d->count == 0 || d->point < -kLargest) return 0;
    if (d->point > kLargest) return of_bits((uvlong)kExponentMask << kMantissaBits);
    // Brings it to 53 bits before the point; or fewer, if its exponent would be too small.
    const int least = 1 - kExponentBias;
    const uvlong limit = 2ull << kMantissaBits;
    int exponent = 0;
    for (; d->point > 17; exponent += 8) _decimal_scale(d, -8);
    while (d->point < 16 && exponent > least) {
        int step = d->point < 8 ? 24 : 1;
        if (step > exponent - least) step = exponent - least;
        _decimal_scale(d, step);
        exponent -= step;
    }
    for (; exponent < least || d->point > 16 || _decimal_whole(d) > limit; ++exponent) {
        _decimal_scale(d, -1);
    }
    for (; _decimal_whole(d) < limit / 2 && exponent > least; --exponent) _decimal_scale(d, 1);
    uvlong whole = _decimal_whole(d);
    // Rounding may have made one bit more of it.
    if (whole == limit) whole /= 2, ++exponent;
    const int biased = whole < limit / 2 ? 0 : exponent + kExponentBias;
    if (biased >= kExponentMask) return of_bits((uvlong)kExponentMask << kMantissaBits);
    return of_bits((uvlong)biased << kMantissaBits | (whole & (limit / 2 - 1)));
}

// A text or a function, one character ahead.
typedef struct {
    int (*next)(void*);
    void* from;
    int c;
    long taken;  // characters before c
} Source;

static void advance(Source* in) {
    in->c = in->next(in->from);
    ++in->taken;
}

// Takes the word if it is next, in either case. The number of characters that fitted.
static int take_word(Source* in, const char* word) {
    int count = 0;
    for (; word[count] != '\0' && in->c > 0 && tolower(in->c) == word[count]; ++count) advance(in);
    return count;
}

static void add_digit(Decimal* d, int digit) {
    if (digit == 0 && d->count == 0) return;
    if (d->count < kMostDigits) {
        d->digits[d->count++] = digit;
    } else {
        d->more |= digit != 0;
    }
}

// The number that is next; *taken is how many characters it has, 0 if there is none.
static double scan(Source* in, long* taken) {
    *taken = 0;
    advance(in);
    in->taken = 0;
    while (isspace(in->c)) advance(in);
    const int negative = in->c == '-';
    if (in->c == '-' || in->c == '+') advance(in);
    double value = 0;
    if (in->c == 'n' || in->c == 'N') {
        if (take_word(in, "nan") == 3) *taken = in->taken, value = NaN();
        return value;
    }
    if (in->c == 'i' || in->c == 'I') {
        if (take_word(in, "inf") != 3) return 0;
        *taken = in->taken;
        if (take_word(in, "inity") == 5) *taken = in->taken;
        return Inf(negative ? -1 : 1);
    }
    Decimal* d = malloc(sizeof *d);
    if (d == nil) return 0;
    d->count = d->point = d->more = 0;
    int any = 0, behind = 0;
    for (; isdigit(in->c) || (in->c == '.' && !behind); advance(in)) {
        if (in->c == '.') {
            behind = 1;
            continue;
        }
        any = 1;
        add_digit(d, in->c - '0');
        if (!behind && d->count > 0) ++d->point;
        if (behind && d->count == 0) --d->point;
    }
    if (any) *taken = in->taken;
    if (any && (in->c == 'e' || in->c == 'E')) {
        advance(in);
        const int down = in->c == '-';
        if (in->c == '-' || in->c == '+') advance(in);
        int exponent = 0;
        for (; isdigit(in->c); advance(in)) {
            if (exponent < 1 << 20) exponent = exponent * 10 + in->c - '0';
            *taken = in->taken + 1;
        }
        d->point += down ? -exponent : exponent;
    }
    while (d->count > 0 && d->digits[d->count - 1] == 0 && !d->more) --d->count;
    value = value_of(d);
    free(d);
    return negative ? of_bits(bits_of(value) | 1ull << 63) : value;
}

static int next_of_text(void* from) {
    const char** text = from;
    // What lies behind the end is not looked at.
    if (**text == '\0') return -1;
    return (uchar) * (*text)++;
}

double strtod(const char* text, char** end) {
    const char* at = text;
    Source in = {next_of_text, &at, 0, 0};
    long taken;
    const double value = scan(&in, &taken);
    if (end != nil) *end = (char*)text + taken;
    return value;
}

double atof(const char* text) { return strtod(text, nil); }

double charstod(int (*next)(void*), void* from) {
    Source in = {next, from, 0, 0};
    long taken;
    return scan(&in, &taken);
}
