// longjmp() out of a note handler: the program goes on in longjmp().
#include <libc.h>

enum { kA0 = 10, kA1 = 11 };

void notejmp(void* registers, jmp_buf to, int value) {
    Ureg* ureg = registers;
    ureg->pc = (uintptr)longjmp;
    ureg->x[kA0 - 1] = (uintptr)to;
    ureg->x[kA1 - 1] = value;
    noted(NCONT);
}
