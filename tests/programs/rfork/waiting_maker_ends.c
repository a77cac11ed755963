// A maker that waits for its RFPPWAIT child can be ended; the child goes on with what they shared.
#include "../check.h"

typedef struct {
    int up;           // how many children are about to wait
    int go;           // semaphore: lets one go on
    int done;         // how many went on
    int child;        // the number of the last
    int maker_lives;  // the maker went on
} Shared;
static Shared* shared;
static int ends[2];
static volatile int data;
static int executes;

/* The maker, itself a child: it and its child have `data` and descriptors in common. */
static void makes(void) {
    data = 1;
    const int pid = rfork(RFPROC | RFMEM | RFPPWAIT);
    if (pid == 0) {
        shared->child = getpid();
        __atomic_store_n(&shared->up, shared->up + 1, __ATOMIC_RELEASE);
        while (semacquire(&shared->go, 1) != 1) continue;
        EVENTUALLY(getppid() == 1);
        SAME(data, 1);
        data = 2;
        char* const more = malloc(100000);
        CHECK(more != nil);
        memset(more, 'x', 100000);
        shared->done += 1;
        if (executes) {
            dup(ends[1], 1);
            exec("/bin/echo", (char*[]){"echo", "-n", "ok", nil});
            fail("exec: %r");
        }
        SAME(write(ends[1], "ok", 2), 2);
        _exits("nobody hears this");
    }
    shared->maker_lives = 1;
}

/* Ends the waiting maker: by a note, or if that is nil by its ctl file. It ends with `status`. */
static void with(char* note, const char* status) {
    const int up = shared->up, done = shared->done;
    const int maker = child(makes);
    EVENTUALLY(__atomic_load_n(&shared->up, __ATOMIC_ACQUIRE) == up + 1);
    EVENTUALLY(strcmp(state_of(maker), "Rfork") == 0);
    SAME(note == nil ? control(maker, "kill") : postnote(PNPROC, maker, note), 0);
    // Its child waits yet.
    ENDS(maker, status);
    SAME(shared->done, done);
    CHECK(strcmp(state_of(shared->child), "Semacquire") == 0);
    const int orphan = shared->child;
    SAME(semrelease(&shared->go, 1), 1);
    char text[2];
    SAME(readn(ends[0], text, 2), 2);
    CHECK(memcmp(text, "ok", 2) == 0);
    SAME(shared->done, done + 1);
    SAME(shared->maker_lives, 0);
    EVENTUALLY(state_of(orphan)[0] == '\0');
    FAILS(waitpid(), "no living children");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(sizeof *shared);
    CHECK(pipe(ends) == 0);
    for (executes = 0; executes < 2; ++executes) {
        with(nil, "Killed");
        with("kill", "kill");
        with("hangup", "hangup");
    }
    exits("");
}
