// oseek is seek with an offset of 32 bits, of which the others do not count.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int fd = create("/env/old_seek", ORDWR, 0600);
    CHECK(fd >= 0);
    SAME(write(fd, "0123456789", 10), 10);
    SAME(oseek(fd, 4, 0), 4);
    SAME(oseek(fd, -1, 1), 3);
    SAME(oseek(fd, -2, 2), 8);
    char byte;
    SAME(read(fd, &byte, 1), 1);
    SAME(byte, '8');
    const uvlong wide[6] = {fd, (5ul << 32) | 6, 0};
    SAME(raw_call(16, wide), 6);
    FAILS(oseek(fd, -1, 0), "negative i/o offset*");
    FAILS(oseek(fd, 0, 3), "bad arg in system call");
    FAILS(oseek(77, 0, 0), "fd out of range or not open");
    SAME(seek(fd, 0, 1), 6);
    close(fd);
    SAME(remove("/env/old_seek"), 0);
    exits("");
}
