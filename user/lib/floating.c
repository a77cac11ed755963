// Floating point by its bits.
#include "decimal.h"

enum { kBias = kExponentBias - kMantissaBits };

static const uvlong kSign = 1ull << 63;

static int exponent_of(uvlong bits) { return bits >> kMantissaBits & kExponentMask; }

double Inf(int sign) {
    return of_bits((uvlong)kExponentMask << kMantissaBits | (sign < 0 ? kSign : 0));
}
double NaN(void) {
    return of_bits((uvlong)kExponentMask << kMantissaBits | 1ull << (kMantissaBits - 1));
}
int isNaN(double value) { return (bits_of(value) & ~kSign) > bits_of(Inf(1)); }
int isInf(double value, int sign) {
    return (sign >= 0 && bits_of(value) == bits_of(Inf(1))) ||
           (sign <= 0 && bits_of(value) == bits_of(Inf(-1)));
}

double fabs(double value) { return of_bits(bits_of(value) & ~kSign); }

// Toward 0: the bits behind the point taken away.
static double truncated(double value) {
    const uvlong bits = bits_of(value);
    const int exponent = exponent_of(bits) - kBias;
    if (exponent < 0) return of_bits(bits & kSign);
    if (exponent >= kMantissaBits) return value;
    return of_bits(bits & ~((1ull << (kMantissaBits - exponent)) - 1));
}

double floor(double value) {
    const double whole = truncated(value);
    return whole > value ? whole - 1 : whole;
}

double ceil(double value) {
    const double whole = truncated(value);
    return whole < value ? whole + 1 : whole;
}

// The root's bits one by one, and rounded to the nearest.
double sqrt(double value) {
    if (value == 0 || isNaN(value) || isInf(value, 1)) return value;
    if (value < 0) return NaN();
    int exponent;
    // The mantissa in [1/4, 1), with an even exponent, as an integer of 108 bits: its root has 54.
    double mantissa = frexp(value, &exponent);
    if (exponent % 2 != 0) mantissa /= 2, ++exponent;
    const uvlong bits = ldexp(mantissa, kMantissaBits + 2);
    __uint128_t rest = (__uint128_t)bits << (kMantissaBits + 2);
    uvlong root = 0;
    for (uvlong bit = 1ull << (kMantissaBits + 1); bit != 0; bit >>= 1) {
        const __uint128_t taken = (__uint128_t)(2 * root + bit) * bit;
        if (taken > rest) continue;
        rest -= taken;
        root += bit;
    }
    // The last bit is below the mantissa; no root lies on a half.
    return ldexp((root + (root & 1)) / 2, exponent / 2 - kMantissaBits - 1);
}

double modf(double value, double* whole) {
    *whole = truncated(value);
    return isInf(value, 0) ? 0 : value - *whole;
}

double frexp(double value, int* exponent) {
    uvlong bits = bits_of(value);
    *exponent = 0;
    if (value == 0 || exponent_of(bits) == kExponentMask) return value;
    if (exponent_of(bits) == 0) {
        // Too small for a first bit of 1: make it larger.
        bits = bits_of(value * 0x1p64);
        *exponent = -64;
    }
    *exponent += exponent_of(bits) - (kBias - 1);
    return of_bits((bits & ~((uvlong)kExponentMask << kMantissaBits)) | (uvlong)(kBias - 1)
                                                                            << kMantissaBits);
}

double ldexp(double value, int exponent) {
    // In steps that only the last one of can round.
    for (; exponent > 1000 && value != 0 && !isInf(value, 0); exponent -= 1000) value *= 0x1p1000;
    if (exponent > 1000) return value;
    int own;
    const double mantissa = frexp(value, &own);
    if (value == 0 || isInf(value, 0) || isNaN(value)) return value;
    // Far below what there is: 0 of its sign.
    if (exponent < -4000) exponent = -4000;
    const int sum = own + exponent;
    if (sum > kBias + 1) return mantissa < 0 ? Inf(-1) : Inf(1);
    if (sum > 0) return mantissa * of_bits((uvlong)(kBias + sum - 1) << kMantissaBits) * 2;
    if (sum > -kBias) return mantissa * of_bits((uvlong)(kBias + sum) << kMantissaBits);
    if (sum < -2000) return mantissa * 0x1p-1000 * 0x1p-1000;
    return mantissa * 0x1p-1000 *
           of_bits((uvlong)(kBias + sum + 1000 > 0 ? kBias + sum + 1000 : 1) << kMantissaBits);
}

double pow10(int exponent) {
    char text[16];
    snprint(text, sizeof text, "1e%d", exponent);
    return strtod(text, nil);
}
