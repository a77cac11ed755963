// %e %f %g: all digits are exact. Nothing here computes with floating point, so programs without it
// have no more of it for print's sake.
#include "decimal.h"

enum { kDefaultDigits = 6 };

typedef struct {
    const Decimal* d;
    int sharp, upper;
} Shown;

static int digit_at(const Decimal* d, int i) {
    return i >= 0 && i < d->count ? d->digits[i] + '0' : '0';
}

// Digits of `d` with `precision` of them behind the point. Returns where they end.
static char* put_plain(char* to, const Shown* shown, int precision) {
    const Decimal* d = shown->d;
    for (int i = d->point > 0 ? 0 : d->point - 1; i < d->point; ++i) *to++ = digit_at(d, i);
    if (precision > 0 || shown->sharp) *to++ = '.';
    for (int i = 0; i < precision; ++i) *to++ = digit_at(d, d->point + i);
    return to;
}

static char* put_scientific(char* to, const Shown* shown, int precision) {
    const Decimal* d = shown->d;
    *to++ = digit_at(d, 0);
    if (precision > 0 || shown->sharp) *to++ = '.';
    for (int i = 1; i <= precision; ++i) *to++ = digit_at(d, i);
    const int exponent = d->count > 0 ? d->point - 1 : 0;
    const int size = exponent < 0 ? -exponent : exponent;
    *to++ = shown->upper ? 'E' : 'e';
    *to++ = exponent < 0 ? '-' : '+';
    if (size >= 100) *to++ = '0' + size / 100;
    *to++ = '0' + size / 10 % 10;
    *to++ = '0' + size % 10;
    return to;
}

// Puts the number without its sign. `precision` is what was asked for.
static char* put_number(char* to, Decimal* d, Fmt* f, int precision) {
    Shown shown = {d, (f->flags & FmtSharp) != 0, f->r == 'E' || f->r == 'G'};
    switch (f->r) {
        case 'f':
        case 'F':
            _decimal_round(d, d->point + precision);
            // Nothing is left of it: 0.00.
            if (d->count == 0) d->point = 0;
            return put_plain(to, &shown, precision);
        case 'e':
        case 'E':
            _decimal_round(d, precision + 1);
            return put_scientific(to, &shown, precision);
        default: {
            if (precision == 0) precision = 1;
            _decimal_round(d, precision);
            const int exponent = d->count > 0 ? d->point - 1 : 0;
            if (d->count == 0) d->point = 0;
            const int digits = shown.sharp || d->count == 0 ? precision : d->count;
            if (exponent < -4 || exponent >= precision) {
                return put_scientific(to, &shown, digits - 1);
            }
            int behind = digits - 1 - exponent;
            if (behind < 0 || (d->count == 0 && !shown.sharp)) behind = 0;
            return put_plain(to, &shown, behind);
        }
    }
}

int _float_verb(Fmt* f) {
    const uvlong bits = bits_of(va_arg(f->args, double));
    const int negative = bits >> 63;
    const int exponent = bits >> kMantissaBits & kExponentMask;
    const uvlong fraction = bits & ((1ull << kMantissaBits) - 1);
    const int precision = f->flags & FmtPrec ? f->prec : kDefaultDigits;
    const char* special = exponent != kExponentMask ? nil : fraction != 0 ? "NaN" : "Inf";
    Decimal* d = malloc(sizeof *d);
    // The longest: all digits before the point, those behind it, sign, point and exponent.
    char* text = d != nil ? malloc(310 + precision + 16) : nil;
    if (text == nil) {
        free(d);
        return -1;
    }
    char* to = text;
    if (negative && (special == nil || fraction == 0)) {
        *to++ = '-';
    } else if (f->flags & (FmtSign | FmtSpace)) {
        *to++ = f->flags & FmtSign ? '+' : ' ';
    }
    char* const number = to;
    if (special != nil) {
        to = strcpy(to, special) + strlen(special);
    } else {
        _decimal_set(d, exponent != 0 ? fraction | 1ull << kMantissaBits : fraction);
        _decimal_scale(d, (exponent != 0 ? exponent : 1) - kExponentBias);
        to = put_number(to, d, f, precision);
    }
    *to = '\0';
    free(d);
    // Zeros of the width stand between the sign and the number.
    int result;
    const int zeros = f->flags & FmtWidth ? f->width - (to - text) : 0;
    f->flags &= ~FmtPrec;
    if (f->flags & FmtZero && !(f->flags & FmtLeft) && special == nil && zeros > 0) {
        const char sign[2] = {number > text ? *text : '\0'};
        result = fmtprint(f, "%s%.*d%s", sign, zeros, 0, number);
    } else {
        result = fmtstrcpy(f, text);
    }
    free(text);
    return result;
}
