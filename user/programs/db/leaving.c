// The end of db, and what becomes of the program.
#include "db.h"

/* One that db has made it waits for, as a shell would, and tells how it ended. An interrupt is for
 * that program. */
static void wait_for_child(void) {
    for (;;) {
        wait_for_end();
        if (end_status != nil || !is_asked()) break;
        if (thread_count == 0 || postnote(PNPROC, threads[0].pid, "interrupt") < 0) break;
    }
}

/* The notes that stopped them are still to be met, though somebody was told of them. The
 * instruction of a trap is met again, and then all is as if nobody had looked. */
static void keep_notes(void) {
    static const char kTrap[] = "sys: trap: ";
    for (int i = 0; i < thread_count; ++i) {
        threads[i].reported = strncmp(threads[i].note, kTrap, sizeof kTrap - 1) == 0;
    }
}

void detach_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    over = 1;
    keep_notes();
    detach();
    wait_for_child();
    if (end_status != nil) report_end();
}

void quit_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    over = 1;
    keep_notes();
    let_go();
    print("%d stays stopped\n", threads[0].pid);
}

void kill_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    kill_all();
    thread_count = 0;
    report_end();
}
