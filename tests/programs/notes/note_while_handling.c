// A note that comes while another is handled waits for the end of the handler, and ends one of its
// calls that wait, not all.
#include "../check.h"

static volatile int inside, order;

static void handler(void* registers, char* text) {
    USED(registers);
    CHECK(!inside);
    inside = 1;
    if (order++ == 0) {
        CHECK(strcmp(text, "first") == 0);
        SAME(postnote(PNPROC, getpid(), "second"), 0);
        FAILS(sleep(1), "interrupted");
        SAME(sleep(1), 0);
    } else {
        CHECK(strcmp(text, "second") == 0);
    }
    inside = 0;
    noted(NCONT);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(handler) == 0);
    SAME(postnote(PNPROC, getpid(), "first"), 0);
    SAME(order, 2);
    exits("");
}
