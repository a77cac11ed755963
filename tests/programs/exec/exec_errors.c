// What exec() says of names that are no programs, and of words that are none.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const words[] = {"x", nil};
    FAILS(exec("/no/such", words), "file does not exist: '/no'");
    FAILS(exec("/bin", words), "*");
    FAILS(exec("/proc/1/status", words), "*");
    FAILS(exec("", words), "*");
    FAILS(exec("/bin/echo", (char*[]){nil}), "bad arg in system call");
    CHECK(notify(count_notes) == 0);
    FAILS(exec("/bin/echo", nil), "bad arg in system call");
    FAILS(exec("/bin/echo", (char**)0xffffffc000000000), "bad arg in system call");
    FAILS(exec("/bin/echo", (char**)-8ul), "bad arg in system call");
    FAILS(exec("/bin/echo", (char*[]){"x", (char*)-1ul, nil}), "bad arg in system call");
    SAME(notes_seen, 4);
    exits("");
}
