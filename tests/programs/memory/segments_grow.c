// segbrk() moves the end of an attached segment, and refuses what is in the way.
#include "../check.h"

static volatile char* at;

static void beyond(void) { at[2 * 4096] = 'x'; }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    at = segattach(0, "memory", (void*)(uintptr)0x200000000, 4096);
    CHECK(at != (void*)-1);
    CHECK(segbrk((void*)at, (char*)at + 4 * 4096) == (char*)at + 4 * 4096);
    at[4 * 4096 - 1] = 'x';
    CHECK(segbrk((void*)at, (char*)at + 2 * 4096) == (char*)at + 2 * 4096);
    DIES(beyond, "sys: trap: fault write addr=*");
    CHECK(segbrk((void*)at, (char*)at + 4 * 4096) == (char*)at + 4 * 4096);
    SAME(at[4 * 4096 - 1], 0);
    CHECK(segattach(0, "memory", (void*)(uintptr)0x200008000, 4096) != (void*)-1);
    FAILS((vlong)segbrk((void*)at, (char*)at + 9 * 4096), "segments overlap");
    FAILS((vlong)segbrk((void*)at, (char*)at - 4096), "bad arg in system call");
    FAILS((vlong)segbrk((void*)main, (char*)main + 4096), "bad arg in system call");
    // What others may use does not shrink.
    char* const common = shared_memory(8192);
    FAILS((vlong)segbrk(common, common + 4096), "device or object already in use");
    CHECK(segbrk(common, common + 3 * 4096) == common + 3 * 4096);
    common[3 * 4096 - 1] = 'x';
    exits("");
}
