// Words that each process has for itself: on the stack that the program began with, of which a
// process made by rfork(RFPROC | RFMEM) has a copy at the same place. Those of thread_create()
// share it.
#include <libc.h>

extern uintptr _privates;  // start.S
enum { kPrivates = 16 };

void** privalloc(void) {
    static Lock taking;
    static int taken;
    lock(&taking);
    const int mine = taken < kPrivates ? taken++ : -1;
    unlock(&taking);
    return mine < 0 ? nil : (void**)_privates + mine;
}
