// When there is no room for another process fork says so, and all that there are go on.
#include "../check.h"

static int ends[2];

static void doze(void) {
    char text;
    SAME(read(ends[0], &text, 1), 1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    int made = 0;
    while (child(doze) > 0) ++made;
    CHECK(made > 20);
    FAILS(fork(), "no procs");
    FAILS(rfork(RFPROC | RFMEM), "no procs");
    for (int i = 0; i < made; ++i) {
        CHECK(write(ends[1], "x", 1) == 1);
        Waitmsg* const message = wait();
        CHECK(message != nil && message->msg[0] == '\0');
        free(message);
    }
    FAILS(waitpid(), "no living children");
    exits("");
}
