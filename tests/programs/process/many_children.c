// More children than records are kept for: the newest 128 are there, the newest first, and one that
// counts the others.
#include "../check.h"

enum { kMany = 150, kKept = 128 };

static void says(void) { exits("ended"); }

/* How many processes there are, those that have all but ended with them. */
static vlong live(void) { return kernel_count("procs.live"); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static int pids[kMany];
    char name[32];
    const vlong before = live();
    for (int i = 0; i < kMany; ++i) {
        CHECK((pids[i] = child(says)) > 0);
        // One after the other: the slot goes last.
        EVENTUALLY(live() <= before);  // what an earlier program left may go meanwhile
    }
    snprint(name, sizeof name, "/proc/%d/wait", getpid());
    Dir* const records = dirstat(name);
    CHECK(records != nil);
    SAME(records->length, kKept + 1);
    free(records);
    for (int i = kMany - 1; i >= kMany - kKept; --i) {
        char wanted[64];
        Waitmsg* const message = wait();
        CHECK(message != nil);
        SAME(message->pid, pids[i]);
        snprint(wanted, sizeof wanted, "many_children %d: ended", pids[i]);
        CHECK(strcmp(message->msg, wanted) == 0);
        free(message);
    }
    Waitmsg* const lost = wait();
    CHECK(lost != nil);
    SAME(lost->pid, 0);
    SAME(lost->time[0] + lost->time[1] + lost->time[2], 0);
    CHECK(strcmp(lost->msg, "lost 22") == 0);
    FAILS(waitpid(), "no living children");
    // The counting begins anew.
    ENDS(child(says), "ended");
    FAILS(waitpid(), "no living children");
    exits("");
}
