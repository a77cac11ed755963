// Names at addresses that the program does not have are refused, by each call that takes one.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const uintptr kWhere[] = {
        8, 0x80000000, 0x3fffffffff, 0x4000000000, 0xffffffc080200000, -1ul};
    CHECK(notify(count_notes) == 0);
    for (usize i = 0; i < nelem(kWhere); ++i) {
        const char* const name = (const char*)kWhere[i];
        uchar record[256];
        FAILS(open(name, OREAD), "bad arg in system call");
        FAILS(create(name, OREAD, 0644), "bad arg in system call");
        FAILS(remove(name), "bad arg in system call");
        FAILS(chdir(name), "bad arg in system call");
        FAILS(stat(name, record, sizeof record), "bad arg in system call");
        FAILS(bind(name, "/", MREPL), "bad arg in system call");
        FAILS(bind("/", name, MREPL), "bad arg in system call");
        FAILS(unmount(name, "/"), "bad arg in system call");
        FAILS(unmount(nil, name), "bad arg in system call");
        FAILS(exec(name, (char*[]){"x", nil}), "bad arg in system call");
        FAILS(exec("/bin/echo", (char*[]){"x", (char*)name, nil}), "bad arg in system call");
        FAILS((vlong)segattach(0, name, nil, 4096), "bad arg in system call");
        SAME(notes_seen, 12 * (i + 1));
    }
    exits("");
}
