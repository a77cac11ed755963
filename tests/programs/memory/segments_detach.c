// A detached segment is gone, here and not elsewhere; text, data and stack cannot be.
#include "../check.h"

static volatile char* common;

static void touches(void) { common[0] = 'x'; }
static void leaves(void) {
    common[1] = 'y';
    SAME(segdetach((void*)common), 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    common = shared_memory(4096);
    DIES(leaves, "");
    SAME(common[1], 'y');
    SAME(segdetach((char*)common + 100), 0);
    DIES(touches, "sys: trap: fault write addr=*");
    FAILS(segdetach((void*)common), "bad arg in system call");
    FAILS(segdetach((void*)main), "bad arg in system call");
    FAILS(segdetach(&common), "bad arg in system call");
    FAILS(segdetach(&argc), "bad arg in system call");
    FAILS(segdetach((void*)0xffffffc000000000), "bad arg in system call");
    exits("");
}
