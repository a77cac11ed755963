// Processes of different groups do not meet.
#include "../check.h"

static void waits(void) {
    CHECK(notify(count_notes) == 0);
    alarm(30);
    CHECK(rendezvous((void*)1, (void*)2) == (void*)-1);
    SAME(notes_seen, 1);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    // fork() has RFREND.
    const int one = child(waits), other = child(waits);
    ENDS(one, "");
    ENDS(other, "");
    exits("");
}
