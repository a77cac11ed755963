// A handler must be readable; one that cannot be executed ends the program. The lowest bit of its
// address does not count, as in a jump.
#include "../check.h"

static char data[8] = "data";

static void in_data(void) {
    CHECK(notify((void (*)(void*, char*))(void*)data) == 0);
    postnote(PNPROC, getpid(), "hello");
}

static void in_what_is_gone(void) {
    ulong* const page = segattach(0, "memory", nil, 4096);
    CHECK(page != (void*)-1);
    CHECK(notify((void (*)(void*, char*))page) == 0);
    CHECK(segdetach(page) == 0);
    postnote(PNPROC, getpid(), "hello");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(count_notes) == 0);
    FAILS(notify((void (*)(void*, char*))8), "bad arg in system call");
    FAILS(notify((void (*)(void*, char*))0xffffffc080200000), "bad arg in system call");
    FAILS(notify((void (*)(void*, char*))-1ul), "bad arg in system call");
    SAME(notes_seen, 3);
    CHECK(notify((void (*)(void*, char*))((uintptr)count_notes | 1)) == 0);
    CHECK(postnote(PNPROC, getpid(), "hello") == 0);
    SAME(notes_seen, 4);
    DIES(in_data, "Suicide");
    DIES(in_what_is_gone, "Suicide");
    exits("");
}
