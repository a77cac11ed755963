// After RFNOMNT few devices can be named with #, for the process and its children.
#include "../check.h"

static void look(void) {
    CHECK(open("#s", OREAD) == -1);
    CHECK(open("#c/null", OREAD) >= 0);
    CHECK(open("/bin/echo", OREAD) >= 0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(open("#s", OREAD) >= 0);
    SAME(rfork(RFNAMEG | RFNOMNT), 0);
    look();
    DIES(look, "");
    SAME(rfork(RFNAMEG), 0);
    look();
    exits("");
}
