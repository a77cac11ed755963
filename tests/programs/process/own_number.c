// A child has a number of its own, and its maker as parent.
#include "../check.h"

static int maker;

static void look(void) {
    CHECK(getpid() != maker);
    SAME(getppid(), maker);
    char text[16] = "";
    const int fd = open("/dev/pid", OREAD);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    SAME(atoi(text), getpid());
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    maker = getpid();
    DIES(look, "");
    SAME(getpid(), maker);
    exits("");
}
