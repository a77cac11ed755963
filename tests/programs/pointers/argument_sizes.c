// Sizes that reach beyond memory, or are negative, are refused.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int fd = open("/bin/echo", OREAD), null = open("/dev/null", OWRITE);
    char* const at = sbrk(4096);
    CHECK(notify(count_notes) == 0);
    FAILS(read(fd, (char*)sbrk(0) - 1, -1), "bad arg in system call");
    FAILS(read(fd, at, 1l << 40), "bad arg in system call");
    FAILS(write(null, at, -1), "bad arg in system call");
    FAILS(write(null, at, 1l << 62), "bad arg in system call");
    FAILS(write(null, (void*)~(uintptr)0, 2), "bad arg in system call");
    SAME(notes_seen, 5);
    SAME(read(fd, nil, 0), 0);
    FAILS(pread(fd, at, 10, -5), "negative i/o offset");
    uchar record[8];
    CHECK(fstat(fd, record, 1) <= 2);
    FAILS(errstr((char*)record, 0), "bad arg in system call");
    exits("");
}
