// The stack grows as it is used; below its last page there is nothing.
#include "../check.h"

enum { kStack = 16 << 20 };
static uintptr bottom;

static void last(void) { *(volatile char*)bottom = 'x'; }
static void below(void) { *(volatile char*)(bottom - 1) = 'x'; }

static volatile int on = 1;

static void deeper(volatile char* above) {
    volatile char room[4096];
    room[0] = above == nil ? 0 : above[0];
    if (on) deeper(room);
    room[1] = 0;
}
static void endless(void) { deeper(nil); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    bottom = (((uintptr)&argc >> 24) << 24);
    CHECK((uintptr)&argc - bottom < kStack);
    DIES(last, "");
    DIES(below, "sys: trap: fault write addr=*");
    // There is no place for a handler's frame either, so it is no help.
    DIES(endless, "sys: trap: fault write addr=*");
    exits("");
}
