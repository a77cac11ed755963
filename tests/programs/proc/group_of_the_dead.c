// An open notepg is the group's: it reaches the members when the process it was opened for is gone.
#include "../check.h"

static volatile int* member;

static void leads(void) {
    rfork(RFNOTEG);
    const int pid = rfork(RFPROC | RFFDG | RFNOWAIT);
    if (pid == 0) {
        notify(count_notes);
        *member = getpid();
        while (notes_seen == 0) sleep(1000);
        *member = strcmp(last_note, "to all of you") == 0 ? -1 : -2;
        _exits("");
    }
    for (;;) sleep(1000);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    member = shared_memory(4096);
    const int leader = child(leads);
    EVENTUALLY(*member != 0);
    const int group = process_file(leader, "notepg", OWRITE);
    CHECK(group >= 0);
    SAME(control(leader, "kill"), 0);
    ENDS(leader, "Killed");
    SAME(write(group, "to all of you", 13), 13);
    EVENTUALLY(*member < 0);
    SAME(*member, -1);
    // Nobody is left, which is no error.
    SAME(write(group, "to nobody", 9), 9);
    exits("");
}
