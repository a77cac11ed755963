// Instructions that are illegal although floating point is there are found out, before the first
// use and after it.
#include "floats.h"

static void unknown(void) { __asm__ volatile(".word 0"); }
/* The widths and roundings that there are not. */
static void no_such_width(void) { __asm__ volatile(".word 0x06000053"); }
static void no_such_rounding(void) { __asm__ volatile("fsrmi 5\n\tfadd.d f0, f0, f0"); }
static void after_use(void) {
    const Floats mine = pattern(1);
    set_floats(&mine);
    unknown();
}
static void misses_memory(void) { __asm__ volatile("fld f0, 0(zero)"); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    void (*const kBodies[])(void) = {unknown, no_such_width, no_such_rounding, after_use};
    for (usize i = 0; i < nelem(kBodies); ++i) DIES(kBodies[i], "sys: trap: illegal instruction*");
    DIES(misses_memory, "sys: trap: fault read addr=0x0*");
    exits("");
}
