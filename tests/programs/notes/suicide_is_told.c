// A program that ends by a fault says so on descriptor 2, and stays Broken until it is released.
#include "../check.h"

static volatile uintptr wild = 24;

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int ends[2];
    CHECK(pipe(ends) == 0);
    const int pid = fork();
    if (pid == 0) {
        dup(ends[1], 2);
        *(volatile char*)wild = 0;
    }
    char text[200] = "", wanted[100];
    CHECK(read(ends[0], text, sizeof text - 1) > 0);
    snprint(wanted, sizeof wanted, "suicide_is_told %d: suicide: sys: trap: fault write addr=0x18",
            pid);
    CHECK(strncmp(text, wanted, strlen(wanted)) == 0);
    ENDS(pid, "sys: trap: fault write*");
    EVENTUALLY(strcmp(state_of(pid), "Broken") == 0);
    FAILS(postnote(PNPROC, pid, "hello"), "*");
    SAME(control(pid, "kill"), 0);
    EVENTUALLY(state_of(pid)[0] == '\0');
    exits("");
}
