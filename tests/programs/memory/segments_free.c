// segfree() makes whole pages zero again, and touches nothing beside them.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const at = segattach(0, "memory", nil, 5 * 4096);
    CHECK(at != (void*)-1);
    memset(at, 'x', 5 * 4096);
    SAME(segfree(at + 100, 3 * 4096), 0);  // pages 1 and 2
    SAME(at[4095], 'x');
    for (int i = 4096; i < 3 * 4096; ++i) SAME(at[i], 0);
    SAME(at[3 * 4096], 'x');
    SAME(segfree(at, 0), 0);
    SAME(at[0], 'x');
    FAILS(segfree(at, 6 * 4096), "bad arg in system call");
    FAILS(segfree((void*)main, 4096), "bad arg in system call");
    FAILS(segfree((void*)~(uintptr)4095, 4096), "bad arg in system call");
    exits("");
}
