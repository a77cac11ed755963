// Calls that read the program's memory refuse addresses it does not have, and say so by a note.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const uintptr kWhere[] = {0x80000000,         0x3ffffffffc, 0x4000000000,
                                     0xffffffc080200000, -1ul,         -4096ul};
    int ends[2];
    CHECK(pipe(ends) == 0 && notify(count_notes) == 0);
    const int null = open("/dev/null", OWRITE);
    for (usize i = 0; i < nelem(kWhere); ++i) {
        FAILS(write(null, (void*)kWhere[i], 8192), "bad arg in system call");
        FAILS(write(ends[0], (void*)kWhere[i], 8192), "bad arg in system call");
        FAILS(pwrite(null, (void*)kWhere[i], 8192, 0), "bad arg in system call");
        SAME(notes_seen, 3 * (i + 1));
        CHECK(strncmp(last_note, "sys: bad address in syscall", 27) == 0);
    }
    exits("");
}
