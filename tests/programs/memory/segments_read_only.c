// A segment that is attached read-only cannot be written, by the program or by a call.
#include "../check.h"

static volatile char* at;

static void writes(void) { at[0] = 'x'; }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    at = segattach(SG_RONLY, "memory", nil, 4096);
    CHECK(at != (void*)-1);
    SAME(at[0], 0);
    DIES(writes, "sys: trap: fault write addr=*");
    CHECK(notify(count_notes) == 0);
    FAILS(read(open("/bin/echo", OREAD), (void*)at, 10), "bad arg in system call");
    FAILS(semrelease((int*)at, 1), "bad arg in system call");
    SAME(notes_seen, 2);
    exits("");
}
