// What only means something to who creates is no way to open.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    FAILS(open("/proc/1/status", OREAD | OEXCL), "bad arg in system call*");
    FAILS(open("/dev/null", OWRITE | OEXCL), "bad arg in system call*");
    CHECK(open("/dev/null", OWRITE | OCEXEC) >= 0);
    exits("");
}
