// Memory that one of two sharers adds is there for the other, and cannot be taken away.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static char* volatile grown;
    const int pid = rfork(RFPROC | RFFDG | RFMEM);
    if (pid == 0) {
        char* const at = sbrk(64 * 4096);
        at[63 * 4096] = 'g';
        grown = at;
        _exits("");
    }
    EVENTUALLY(grown != nil);
    SAME(grown[63 * 4096], 'g');
    grown[20 * 4096] = 'x';
    FAILS(brk_(grown), "device or object already in use");
    ENDS(pid, "");
    exits("");
}
