// A name that ends where memory ends is a name; one that does not end there is not.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const top = (char*)(((uintptr)sbrk(0) + 4095) & ~(uintptr)4095) + 4096;
    SAME(brk(top), 0);
    CHECK(notify(count_notes) == 0);
    strcpy(top - 10, "/dev/null");
    CHECK(open(top - 10, OREAD) >= 0);
    memset(top - 4096, 'x', 4096);
    FAILS(open(top - 10, OREAD), "bad arg in system call");
    FAILS(open(top - 4000, OREAD), "bad arg in system call");
    SAME(notes_seen, 2);
    exits("");
}
