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
    // The last ones may leave theirs while the others are read.
    int records = 0, lost = 0;
    for (Waitmsg* message; (message = wait()) != nil; free(message)) {
        char* const count = strstr(message->msg, "lost ");
        if (count == message->msg) {
            lost += atoi(count + 5);
        } else {
            CHECK(message->pid != first && message->msg[0] == '\0');
            ++records;
        }
    }
    FAILS(-1, "no living children");
    SAME(records + lost, kEnded);
    CHECK(lost > 0 && records >= kKept);
    exits("");
}
