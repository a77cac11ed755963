// A status that is too long is cut; one that cannot be read is replaced.
#include "../check.h"

static void too_long(void) {
    static char status[400];
    memset(status, 's', sizeof status - 1);
    _exits(status);
}

static void unreadable(void) { _exits((char*)0x10); }
static void kernel(void) { _exits((char*)0xffffffc000000000); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(too_long, "ssssssssss*");
    DIES(unreadable, "invalid exit string");
    DIES(kernel, "invalid exit string");
    exits("");
}
