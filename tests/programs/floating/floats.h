// All floating-point registers at once, for programs that otherwise use none.
#ifndef PROCYON_TESTS_FLOATS_H
#define PROCYON_TESTS_FLOATS_H

#include "../check.h"

/* f0 .. f31, and fcsr. */
typedef struct {
    uvlong f[32];
    uvlong control;
} Floats;

/* Set and get all of them. What a function must keep is not: whoever calls these must not use
 * floating point itself. */
void set_floats(const Floats*);
void get_floats(Floats*);
__asm__(
    ".pushsection .text\n"
    "set_floats:\n"
    ".irp n, "
    "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "fld f\\n, 8 * \\n(a0)\n"
    ".endr\n"
    "ld t0, 256(a0)\n"
    "fscsr t0\n"
    "ret\n"
    "get_floats:\n"
    ".irp n, "
    "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "fsd f\\n, 8 * \\n(a0)\n"
    ".endr\n"
    "frcsr t0\n"
    "sd t0, 256(a0)\n"
    "ret\n"
    ".popsection\n");

/* Different for each seed, in every register; any mode and flags. */
static inline Floats pattern(uvlong seed) {
    Floats floats;
    for (int i = 0; i < 32; ++i)
        floats.f[i] = (seed + 1) * 0x9e3779b97f4a7c15 + i * 0x0123456789abcdef;
    floats.control = seed % 5 << 5 | seed % 32;
    return floats;
}

/* They are `expected`. */
#define FLOATS_ARE(expected) floats_are(__LINE__, expected)
static inline void floats_are(int line, Floats expected) {
    Floats now;
    get_floats(&now);
    for (int i = 0; i < 32; ++i) {
        if (now.f[i] != expected.f[i]) {
            fail("line %d: f%d is %llux, not %llux", line, i, now.f[i], expected.f[i]);
        }
    }
    if (now.control != expected.control) {
        fail("line %d: fcsr is %llux, not %llux", line, now.control, expected.control);
    }
}

#endif
