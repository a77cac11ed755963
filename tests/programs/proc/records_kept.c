// A hundred and twenty-eight exit records are kept, and the older ones are counted in one more.
#include "../check.h"

enum { kEnded = 131, kKept = 128 };

static void ends(void) {}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int first = 0;
    for (int i = 0; i < kEnded; ++i) {
        char name[32];
        const int pid = child(ends);
        CHECK(pid > 0);
        if (i == 0) first = pid;
        snprint(name, sizeof name, "/proc/%d", pid);
        EVENTUALLY(access(name, AEXIST) < 0);
    }
    Waitmsg* message;
    for (int i = 0; i < kKept; ++i) {
        message = wait();
        if (message == nil) fail("record %d: %r", i);
        CHECK(message->pid != first && message->msg[0] == '\0');
        free(message);
    }
    message = wait();
    CHECK(message != nil);
    char text[32];
    snprint(text, sizeof text, "lost %d", kEnded - kKept);
    CHECK(strcmp(message->msg, text) == 0);
    CHECK(wait() == nil);
    FAILS(-1, "no living children");
    exits("");
}
