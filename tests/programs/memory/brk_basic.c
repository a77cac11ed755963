// Memory grows byte by byte and by pages, is zero at first, and a child has a copy.
#include "../check.h"

static char* base;

static void writes(void) {
    SAME(base[4095], 'p');
    base[4095] = 'c';
    CHECK(sbrk(8192) != (void*)-1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    base = sbrk(0);
    for (int i = 0; i < 5000; ++i) {
        SAME(brk(base + i + 1), 0);
        SAME(base[i], 0);
        base[i] = 'p';
    }
    DIES(writes, "");
    SAME(base[4095], 'p');
    SAME(brk(base), 0);
    SAME(brk(base + 3 * 4096), 0);
    // Whole pages that went came back as zeroes.
    SAME(((char*)(((uintptr)base + 4095) & ~(uintptr)4095))[4096], 0);
    exits("");
}
