// Calls that write the program's memory refuse addresses it does not have or may not write.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const uintptr kWhere[] = {
        0, 0x10000, 0x80000000, 0x3ffffffffc, 0x4000000000, 0xffffffc080200000, -1ul, -4096ul};
    int ends[2];
    CHECK(pipe(ends) == 0 && notify(count_notes) == 0);
    SAME(write(ends[1], "x", 1), 1);
    const int fd = open("/bin/echo", OREAD);
    for (usize i = 0; i < nelem(kWhere); ++i) {
        void* const at = (void*)kWhere[i];
        FAILS(read(fd, at, 8192), "bad arg in system call");
        FAILS(read(ends[0], at, 8192), "bad arg in system call");
        FAILS(stat("/bin", at, 200), "bad arg in system call");
        FAILS(fstat(fd, at, 200), "bad arg in system call");
        FAILS(await(at, 100), "bad arg in system call");
        FAILS(fd2path(fd, at, 100), "bad arg in system call");
        FAILS(pipe(at), "bad arg in system call");
        SAME(notes_seen, 7 * (i + 1));
    }
    // What was refused took nothing away.
    char text;
    SAME(read(ends[0], &text, 1), 1);
    SAME(seek(fd, 0, SEEKHERE), 0);
    exits("");
}
