// Memory that one of two sharers adds is there for the other, and cannot be taken away.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static char* grown;
    const int pid = rfork(RFPROC | RFFDG | RFMEM);
    if (pid == 0) {
        char* const at = sbrk(64 * 4096);
        at[63 * 4096] = 'g';
        __atomic_store_n(&grown, at, __ATOMIC_RELEASE);  // what it points at comes first
        _exits("");
    }
    EVENTUALLY(__atomic_load_n(&grown, __ATOMIC_ACQUIRE) != nil);
    SAME(grown[63 * 4096], 'g');
    grown[20 * 4096] = 'x';
    FAILS(brk_(grown), "device or object already in use");
    ENDS(pid, "");
    exits("");
}
