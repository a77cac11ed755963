// The last byte before the end of memory is there; the first after it is not.
#include "../check.h"

static char* top;

static void last(void) { ((volatile char*)top)[-1] = 'x'; }
static void beyond(void) { ((volatile char*)top)[0] = 'x'; }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    free(malloc(1000));  // what wait() needs is there then, and the end stays where it is put
    top = (char*)((((uintptr)sbrk(0) + 4095) & ~(uintptr)4095) + 4096);
    SAME(brk(top), 0);
    DIES(last, "");
    DIES(beyond, "sys: trap: fault write addr=*");
    SAME(brk(top - 1), 0);
    last();
    const int fd = open("/bin/echo", OREAD);
    SAME(read(fd, top - 8, 8), 8);
    CHECK(notify(count_notes) == 0);
    FAILS(read(fd, top - 8, 9), "bad arg in system call");
    SAME(notes_seen, 1);
    exits("");
}
