// A note of the kernel that comes behind another, while no handler runs, waits for the end of that
// one's handler: it is no fault in the handler.
#include "../check.h"

static volatile int* seen;
static int ends[2];

static void handler(void* registers, char* text) {
    USED(registers);
    const int which = seen[0]++;
    if (which == 0) CHECK(strcmp(text, "first") == 0);
    if (which == 1) CHECK(strncmp(text, "sys: bad address in syscall", 27) == 0);
    noted(NCONT);
}

static void fills(void) {
    static char much[4096];
    for (;;) write(ends[1], much, sizeof much);
}

/* What the kernel says of the call finds no room on descriptor 2, and until it does there is no
 * note. */
static void asks(void) {
    CHECK(notify(handler) == 0);
    CHECK(dup(ends[1], 2) == 2);
    seen[1] = 1;
    uchar record[8];
    FAILS(stat((char*)8, record, sizeof record), "bad arg in system call");
    SAME(seen[0], 2);
    _exits("both");
}

/* It sleeps in the kernel: in a call it may also be on its way. */
static int waits(int pid) {
    char where[64];
    const int fd = process_file(pid, "wchan", OREAD);
    const long n = read(fd, where, sizeof where);
    close(fd);
    return n > 0 && where[0] != '-';
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    seen = shared_memory(4096);
    CHECK(pipe(ends) == 0);
    const int filler = child(fills);
    // The pipe is full then, and stays so.
    EVENTUALLY(strcmp(state_of(filler), "Pwrite") == 0 && waits(filler));
    for (int i = 0; i < 5; ++i) {
        seen[0] = seen[1] = 0;
        const int pid = child(asks);
        EVENTUALLY(seen[1] != 0);
        sleep(10);
        SAME(seen[0], 0);
        SAME(postnote(PNPROC, pid, "first"), 0);
        ENDS(pid, "both");
    }
    SAME(control(filler, "kill"), 0);
    ENDS(filler, "Killed");
    exits("");
}
