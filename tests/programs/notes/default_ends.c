// Without a handler a note ends the process, with its text as status and no trace; as NDFLT does.
#include "../check.h"

static volatile uintptr wild = 8;

static void gives_up(void* registers, char* text) {
    USED(registers), USED(text);
    noted(NDFLT);
}
static void none(void) { postnote(PNPROC, getpid(), "hangup"); }
static void canceled(void) {
    CHECK(notify(count_notes) == 0 && notify(nil) == 0);
    none();
}
static void declined(void) {
    CHECK(notify(gives_up) == 0);
    none();
}
static void declined_fault(void) {
    CHECK(notify(gives_up) == 0);
    *(volatile char*)wild = 0;
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(none, "hangup");
    DIES(canceled, "hangup");
    DIES(declined, "hangup");
    DIES(declined_fault, "sys: trap: fault write addr=0x8 pc=*");
    exits("");
}
