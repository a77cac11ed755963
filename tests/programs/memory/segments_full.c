// There is an end to how many segments a program may have; a detached one makes room.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    void* last = nil;
    int made = 0;
    for (void* at; (at = segattach(0, "shared", nil, 4096)) != (void*)-1; ++made) last = at;
    CHECK(made > 2 && made < 100);
    FAILS((vlong)segattach(0, "shared", nil, 4096), "virtual memory allocation failed");
    SAME(segdetach(last), 0);
    CHECK(segattach(0, "memory", nil, 4096) != (void*)-1);
    exits("");
}
