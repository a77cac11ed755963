// A number that a living process has as its own, its parent's or its note group's is given to nobody, however often numbers
// come again. Says much where they do so soon: *pidbits=10 *piddelay=0.
#include "../check.h"

enum { kForkers = 3, kForks = 1500 };

typedef struct Held Held;
struct Held {
    volatile int lives;  // stays in the note group of its maker, which has ended
    volatile int group;  // the number of that
    volatile int stop;
};
static Held* held;

static int note_group(int pid) {
    char text[32] = {0};
    const int fd = process_file(pid, "noteid", OREAD);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    return atoi(text);
}

/* Makes a child that stays behind in the group which this begins, and ends. */
static void leaves_one_behind(void) {
    if (rfork(RFNOTEG) < 0) fail("rfork: %r");
    held->group = note_group(getpid());
    switch (fork()) {
        case -1:
            fail("fork: %r");
        case 0:
            held->lives = getpid();
            while (!held->stop) sleep(1);
            exits("");
    }
    EVENTUALLY(held->lives != 0);
}

static void forks(void) {
    const int me = getpid(), parent = getppid();
    for (int i = 0; i < kForks; ++i) {
        const int pid = fork();
        if (pid == 0) exits("");
        if (pid < 0) {
            sleep(1);  // all numbers are someone's for a moment
            continue;
        }
        if (pid == me || pid == parent || pid == held->lives || pid == held->group) fail("%d is another's", pid);
        Waitmsg* message = wait();
        CHECK(message != nil && message->pid == pid);
        free(message);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    held = shared_memory(4096);
    DIES(leaves_one_behind, "");
    for (int i = 0; i < kForkers; ++i) child(forks);
    for (int i = 0; i < kForkers; ++i) {
        Waitmsg* message = wait();
        CHECK(message != nil);
        if (message->msg[0] != '\0') fail("%s", message->msg);
        free(message);
    }
    SAME(note_group(held->lives), held->group);
    held->stop = 1;
    EVENTUALLY(process_file(held->lives, "status", OREAD) < 0);
    exits("");
}
