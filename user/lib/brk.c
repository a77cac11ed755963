// The end of the data segment.
#include <libc.h>

extern char end[];  // of bss, by the linker
static char* current = end;

int brk(void* to) {
    if (brk_(to) < 0) return -1;
    current = to;
    return 0;
}

void* sbrk(long increment) {
    char* const before = (char*)(((uintptr)current + 15) & ~(uintptr)15);
    if (increment != 0 && brk(before + increment) < 0) return (void*)-1;
    return before;
}
