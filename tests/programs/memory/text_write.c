// Code and constants cannot be written, by the program or by a call for it.
#include "../check.h"

static const char kConstant[64] = "constant";
static char* where;

static void writes(void) { *(volatile char*)where = 'x'; }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const kWhere[] = {(char*)0x10000, (char*)main, (char*)fork, (char*)kConstant};
    const int fd = open("/bin/echo", OREAD);
    CHECK(notify(count_notes) == 0);
    for (usize i = 0; i < nelem(kWhere); ++i) {
        where = kWhere[i];
        FAILS(read(fd, where, 4), "bad arg in system call");
        SAME(notes_seen, i + 1);
    }
    notify(nil);
    for (usize i = 0; i < nelem(kWhere); ++i) {
        where = kWhere[i];
        DIES(writes, "sys: trap: fault write addr=*");
    }
    SAME(kConstant[0], 'c');
    exits("");
}
