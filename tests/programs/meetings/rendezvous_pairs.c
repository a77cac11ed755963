// Two processes that come with the same tag exchange values; other tags do not disturb them.
#include "../check.h"

static int which;

static void meets(void) {
    for (uintptr i = 0; i < 200; ++i) {
        SAME((uintptr)rendezvous((void*)(uintptr)(which + 1), (void*)(i * 2 + 1)), i * 2);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[4];
    for (which = 0; which < 4; ++which) {
        pids[which] = rfork(RFPROC | RFFDG);
        if (pids[which] == 0) {
            meets();
            _exits("");
        }
    }
    for (uintptr i = 0; i < 200; ++i) {
        for (uintptr tag = 4; tag > 0; --tag) {
            SAME((uintptr)rendezvous((void*)tag, (void*)(i * 2)), i * 2 + 1);
        }
    }
    for (int i = 0; i < 4; ++i) ENDS(pids[i], "");
    exits("");
}
