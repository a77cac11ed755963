// A child's descriptors stay as they are over exec: what /bin/echo says comes through a pipe.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int ends[2];
    CHECK(pipe(ends) == 0);
    const int pid = fork();
    if (pid == 0) {
        dup(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        exec("/bin/echo", (char*[]){"echo", "OK", nil});
        fail("exec: %r");
    }
    close(ends[1]);
    char text[8] = "";
    SAME(readn(ends[0], text, sizeof text), 3);
    CHECK(strcmp(text, "OK\n") == 0);
    ENDS(pid, "");
    exits("");
}
