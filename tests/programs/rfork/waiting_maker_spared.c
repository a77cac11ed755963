// What came to a maker that waits for its RFPPWAIT child and was taken back again is forgotten; but a
// note that ends it stays its end: it cannot go on beside its child.
#include "../check.h"

typedef struct {
    int up;  // the child is about to wait
    int go;  // semaphore: lets it go on
} Shared;
static Shared* shared;
static int maker;

static void makes(void) {
    const int pid = rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT);
    if (pid == 0) {
        __atomic_store_n(&shared->up, 1, __ATOMIC_RELEASE);
        while (semacquire(&shared->go, 1) != 1) fail("interrupted");
        _exits("");
    }
    SAME(sleep(1), 0);
    ENDS(pid, "");
}

static void stops(void) { SAME(control(maker, "stop"), 0); }

static void begin(void) {
    shared->up = 0;
    maker = child(makes);
    EVENTUALLY(__atomic_load_n(&shared->up, __ATOMIC_ACQUIRE) == 1);
    EVENTUALLY(strcmp(state_of(maker), "Rfork") == 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(sizeof *shared);
    begin();
    SAME(control(maker, "interrupt"), 0);
    sleep(2);
    SAME(control(maker, "nointerrupt"), 0);
    SAME(semrelease(&shared->go, 1), 1);
    ENDS(maker, "");

    begin();
    const int stopper = child(stops);
    EVENTUALLY(strcmp(state_of(stopper), "Stopwait") == 0);
    sleep(2);
    SAME(postnote(PNPROC, maker, "the end"), 0);
    ENDS(stopper, "");
    char name[32], text[ERRMAX];
    snprint(name, sizeof name, "/proc/%d/note", maker);
    const int fd = open(name, OREAD);
    CHECK(fd >= 0);
    CHECK(read(fd, text, sizeof text) <= 0);
    close(fd);
    SAME(control(maker, "start"), 0);
    ENDS(maker, "the end");
    SAME(semrelease(&shared->go, 1), 1);
    exits("");
}
