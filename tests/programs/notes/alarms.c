// alarm(): one for each process, counted in milliseconds, called off by 0, not inherited.
#include "../check.h"

static void waits(void) { SAME(sleep(300), 0); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    SAME(alarm(0), 0);
    SAME(alarm(100000), 0);
    const long left = alarm(50000);
    CHECK(left > 50000 && left <= 100000);
    CHECK(alarm(0) > 0);
    SAME(alarm(0), 0);
    CHECK(notify(count_notes) == 0);
    const vlong before = nsec();
    alarm(200);
    const int pid = child(waits);
    while (notes_seen == 0) {
    }
    CHECK(nsec() - before >= 200 * 1000000ll);
    CHECK(strcmp(last_note, "alarm") == 0);
    SAME(alarm(0), 0);
    ENDS(pid, "");
    exits("");
}
