// Four processes write a file each, and each file has what its process wrote.
#include "../check.h"

static char* const kNames[] = {"/env/four0", "/env/four1", "/env/four2", "/env/four3"};
static int which;

static void writes(void) {
    const int fd = create(kNames[which], OWRITE, 0644);
    CHECK(fd >= 0);
    char block[100];
    memset(block, '0' + which, sizeof block);
    for (int i = 0; i < 20; ++i) SAME(write(fd, block, sizeof block), sizeof block);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static char data[4096];
    int pids[4];
    for (which = 0; which < 4; ++which) pids[which] = child(writes);
    for (int i = 0; i < 4; ++i) ENDS(pids[i], "");
    for (int i = 0; i < 4; ++i) {
        const int fd = open(kNames[i], OREAD);
        SAME(readn(fd, data, sizeof data), 2000);
        for (int j = 0; j < 2000; ++j) CHECK(data[j] == '0' + i);
        close(fd);
        SAME(remove(kNames[i]), 0);
    }
    exits("");
}
