// Memory that was never touched may be where a call reads from or writes to.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const base = sbrk(16 * 4096);
    int* const ends = (int*)(base + 4096 - 4);  // over a page's end
    CHECK(((uintptr)ends & 3) == 0 && pipe(ends) == 0);
    SAME(write(ends[0], base + 2 * 4096, 4096), 4096);
    memset(base + 5 * 4096, 'x', 4096);
    SAME(read(ends[1], base + 5 * 4096, 4096), 4096);
    for (int i = 0; i < 4096; ++i) SAME(base[5 * 4096 + i], 0);
    const int fd = open("/bin/echo", OREAD);
    SAME(read(fd, base + 7 * 4096 + 100, 3000), 3000);
    CHECK(memcmp(base + 7 * 4096 + 100, "\177ELF", 4) == 0);
    exits("");
}
