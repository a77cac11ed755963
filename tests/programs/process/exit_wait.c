// wait() gives the number and status of the child that exited, and an error when there is none.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    for (int i = 0; i < 100; ++i) {
        char status[16], wanted[64];
        snprint(status, sizeof status, "it''s %d", i);
        const int pid = fork();
        if (pid == 0) exits(i == 0 ? nil : status);
        Waitmsg* const message = wait();
        CHECK(message != nil);
        SAME(message->pid, pid);
        snprint(wanted, sizeof wanted, "exit_wait %d: %s", pid, status);
        CHECK(strcmp(message->msg, i == 0 ? "" : wanted) == 0);
        free(message);
        FAILS(waitpid(), "no living children");
    }
    exits("");
}
