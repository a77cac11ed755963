// A note that comes while a process is made is handled before there is a child; then the call is made again, and the
// program does not hear of it.
#include "../check.h"

enum { kForks = 400, kNotesEach = 8 };

static volatile int* turn;  // how many there were

static void count(void* ureg, char* note) {
    USED(ureg), USED(note);
    ++notes_seen;
    noted(NCONT);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(count) == 0);
    turn = shared_memory(sizeof *turn);
    const int target = getpid();
    const int poster = fork();
    CHECK(poster >= 0);
    if (poster == 0) {
        // Ends with the note that its maker posts. No more notes a turn than that: who gets one at
        // the end of each handler does nothing else.
        notify(nil);
        for (int posted = 0, last = 0;; sleep(0)) {
            if (*turn != last) last = *turn, posted = 0;
            if (posted++ < kNotesEach) postnote(PNPROC, target, "go on");
        }
    }
    for (int i = 0; i < kForks; ++i) {
        const int pid = fork();
        if (pid == 0) _exits("");
        if (pid < 0) fail("fork %d: %r", i);
        while (waitpid() != pid) continue;
        ++*turn;
    }
    CHECK(notes_seen > 0);
    CHECK(postnote(PNPROC, poster, "kill") >= 0);
    while (waitpid() != poster) continue;
    exits("");
}
