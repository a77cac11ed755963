// A program may give back all of its bss, also from a child; touching it then is a fault.
#include "../check.h"

static char big[64 * 4096];

static void gives_all(void) {
    char* const second = (char*)(((uintptr)big + 8191) & ~(uintptr)4095);
    second[0] = 'x';
    SAME(brk_(second), 0);
    ((volatile char*)second)[0] = 'y';
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 5; ++i) DIES(gives_all, "sys: trap: fault write addr=*");
    big[8192] = 'z';
    exits("");
}
