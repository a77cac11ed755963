// The end of memory cannot be where it makes no sense; then it stays where it was.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const base = sbrk(4096);
    base[0] = 'x';
    FAILS(brk((void*)0x1000), "bad arg in system call");
    FAILS(brk((void*)(uintptr)0x3ffff000), "segments overlap");
    FAILS(brk((void*)(uintptr)0x7ffffffff000), "*");
    FAILS(brk((void*)(uintptr)0xffffffc000000000), "bad arg in system call");
    FAILS(brk((void*)~(uintptr)0), "bad arg in system call");
    SAME(base[0], 'x');
    SAME(brk(base + 1), 0);
    exits("");
}
