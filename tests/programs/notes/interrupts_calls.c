// A note interrupts calls that wait, each with `interrupted`; the handler runs first.
#include "../check.h"

static int ends[2];
static int zero;

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char text[WAITTEXT];
    CHECK(pipe(ends) == 0 && notify(count_notes) == 0);
    alarm(5);
    FAILS(read(ends[0], text, 1), "interrupted");
    SAME(notes_seen, 1);
    CHECK(strcmp(last_note, "alarm") == 0);
    alarm(5);
    FAILS(sleep(100000), "interrupted");
    alarm(5);
    FAILS(semacquire(&zero, 1), "interrupted");
    alarm(5);
    FAILS(tsemacquire(&zero, 100000), "interrupted");
    alarm(5);
    CHECK(rendezvous((void*)1, (void*)2) == (void*)-1);
    SAME(notes_seen, 5);
    const int pid = fork();
    if (pid == 0) {
        for (;;) sleep(1000);
    }
    alarm(5);
    FAILS(await(text, sizeof text), "interrupted");
    SAME(notes_seen, 6);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    SAME(zero, 0);
    exits("");
}
