// Decimal numbers of any length, for exact conversion of floating point: 0.d1d2d3... times a power
// of ten.
#ifndef PROCYON_DECIMAL_H
#define PROCYON_DECIMAL_H

#include <libc.h>

// A double has at most 767 digits that count, so of further ones it only matters whether one is not
// 0.
enum { kMostDigits = 800 };

typedef struct {
    int count, point;
    int more;  // digits behind the last one, which are not all 0
    uchar digits[kMostDigits];
} Decimal;

void _decimal_set(Decimal*, uvlong value);
void _decimal_scale(Decimal*, int exponent);  // times 2^exponent
// Leaves `count` digits, which may be less than 0: the nearest number, an even digit when two are.
void _decimal_round(Decimal*, int count);
// What its whole part is, rounded likewise.
uvlong _decimal_whole(const Decimal*);

int _float_verb(Fmt*);

// What a double is made of.
enum { kMantissaBits = 52, kExponentBias = 1075, kExponentMask = 0x7ff };

static inline uvlong bits_of(double value) {
    uvlong bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double of_bits(uvlong bits) {
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
