// segattach(): memory is copied by forks, shared is not; where it lies, and what is refused.
#include "../check.h"

static volatile char *own, *common;

static void writes(void) {
    SAME(own[0], 'p');
    own[0] = 'c';
    common[0] = 'c';
    common[5000] = 'd';
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    own = segattach(0, "memory", nil, 8192);
    common = shared_memory(8192);
    CHECK(own != (void*)-1 && own[0] == 0 && own[8191] == 0 && common[8191] == 0);
    own[0] = 'p';
    DIES(writes, "");
    SAME(own[0], 'p');
    SAME(common[0], 'c');
    SAME(common[5000], 'd');
    // More than a ulong says.
    char* const large = segattach(0, "memory", nil, 5l << 30);
    CHECK(large != (void*)-1);
    large[0] = large[(5l << 30) - 1] = 'l';
    SAME(segdetach(large), 0);
    CHECK(segattach(0, "memory", large, 3l << 30) == large);
    SAME(segdetach(large), 0);
    void* const fixed = (void*)(uintptr)0x200000000;
    CHECK(segattach(0, "memory", fixed, 4096) == fixed);
    FAILS((vlong)segattach(0, "memory", fixed, 4096), "segments overlap");
    FAILS((vlong)segattach(0, "memory", (char*)fixed - 4096, 8192), "segments overlap");
    FAILS((vlong)segattach(0, "memory", (char*)fixed + 1, 4096), "*");
    FAILS((vlong)segattach(0, "memory", (void*)main, 4096), "*");
    FAILS((vlong)segattach(0, "memory", (void*)(uintptr)0x3ffffff000, 8192), "*");
    FAILS((vlong)segattach(0, "memory", (void*)(uintptr)0xffffffc000000000, 4096), "*");
    FAILS((vlong)segattach(0, "memory", nil, 0), "bad arg in system call");
    FAILS((vlong)segattach(0, "physical", nil, 4096), "bad arg in system call");
    FAILS((vlong)segattach(~0, "memory", nil, 4096), "bad arg in system call");
    exits("");
}
