// A note whose frame has no place on the stack ends the program with Suicide.
#include "../check.h"

static void no_stack(void) {
    CHECK(notify(count_notes) == 0);
    __asm__ volatile("li sp, 0x2000\n\tsd zero, 0(zero)");
}

static void odd_stack(void) {
    CHECK(notify(count_notes) == 0);
    __asm__ volatile("li sp, -8\n\tebreak");
}

static volatile int on = 1;

static void deeper(volatile char* above) {
    volatile char room[4096];
    room[0] = above == nil ? 0 : above[0];
    if (on) deeper(room);
    room[1] = 0;
}
static void endless(void) {
    CHECK(notify(count_notes) == 0);
    deeper(nil);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(no_stack, "Suicide");
    DIES(odd_stack, "Suicide");
    DIES(endless, "Suicide");
    exits("");
}
