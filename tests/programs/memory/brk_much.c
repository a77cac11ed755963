// A great deal of memory costs nothing until it is touched, and ends where it ends.
#include "../check.h"

enum { kMuch = 600 << 20 };
static char* base;

static void beyond(void) { ((volatile char*)base)[8192] = 'x'; }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    base = (char*)(((uintptr)sbrk(0) + 4095) & ~(uintptr)4095);
    SAME(brk(base + kMuch), 0);
    for (long at = 0; at < kMuch; at += kMuch / 64) {
        SAME(base[at], 0);
        base[at] = 'x';
    }
    base[kMuch - 1] = 'e';
    SAME(brk(base + 4096), 0);
    SAME(base[0], 'x');
    DIES(beyond, "sys: trap: fault write addr=*");
    SAME(brk(base + kMuch), 0);
    SAME(base[kMuch - 1], 0);
    exits("");
}
