// dup, close and fd2path: what they answer, and what they refuse.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char name[64];
    const int fd = open("/bin/echo", OREAD);
    CHECK(fd >= 0);
    SAME(dup(fd, 17), 17);
    SAME(fd2path(17, name, sizeof name), 0);
    CHECK(strcmp(name, "/bin/echo") == 0);
    SAME(seek(fd, 5, SEEKBEGIN), 5);
    SAME(seek(17, 0, SEEKHERE), 5);
    SAME(close(17), 0);
    FAILS(close(17), "fd out of range or not open");
    FAILS(dup(17, -1), "fd out of range or not open");
    FAILS(dup(-1, 3), "fd out of range or not open");
    FAILS(dup(fd, 1 << 30), "fd out of range or not open");
    FAILS(close(-1), "fd out of range or not open");
    FAILS(close(1 << 30), "fd out of range or not open");
    FAILS(write(fd, "x", 1), "*");
    FAILS(seek(fd, -1, SEEKBEGIN), "negative i/o offset");
    FAILS(open("/no/such", OREAD), "file does not exist*");
    int most = 0;
    while (open("/dev/null", OREAD) >= 0) ++most;
    CHECK(most > 50);
    FAILS(open("/dev/null", OREAD), "no free file descriptors");
    exits("");
}
