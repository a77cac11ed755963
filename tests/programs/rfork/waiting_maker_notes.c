// Notes that come while a maker waits for its RFPPWAIT child are handled when it goes on: none ends
// the wait, none is lost, and the child does not get them.
#include "../check.h"

typedef struct {
    int up;    // the child is about to wait
    int go;    // semaphore: lets it go on
    int seen;  // notes that the maker had handled
} Shared;
static Shared* shared;

static void handler(void* registers, char* text) {
    USED(registers);
    SAME(atoi(text), shared->seen);
    shared->seen += 1;
    noted(NCONT);
}

static void makes(void) {
    CHECK(notify(handler) == 0);
    const int pid = rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT);
    if (pid == 0) {
        __atomic_store_n(&shared->up, 1, __ATOMIC_RELEASE);
        while (semacquire(&shared->go, 1) != 1) fail("interrupted");
        SAME(shared->seen, 0);
        _exits("child");
    }
    CHECK(pid > 0);
    SAME(shared->seen, 3);
    // What was asked without a note meets the next call that waits, and only that.
    FAILS(sleep(100000), "interrupted");
    SAME(sleep(1), 0);
    ENDS(pid, "child");
    FAILS(waitpid(), "no living children");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(sizeof *shared);
    const int maker = child(makes);
    EVENTUALLY(__atomic_load_n(&shared->up, __ATOMIC_ACQUIRE) == 1);
    EVENTUALLY(strcmp(state_of(maker), "Rfork") == 0);
    for (int i = 0; i < 3; ++i) {
        char text[2] = {'0' + i, '\0'};
        SAME(postnote(PNPROC, maker, text), 0);
        sleep(2);
        SAME(shared->seen, 0);
        CHECK(strcmp(state_of(maker), "Rfork") == 0);
    }
    SAME(control(maker, "interrupt"), 0);
    sleep(2);
    CHECK(strcmp(state_of(maker), "Rfork") == 0);
    SAME(semrelease(&shared->go, 1), 1);
    ENDS(maker, "");
    exits("");
}
