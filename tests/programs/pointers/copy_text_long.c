// Names and words of any length: too long ones are refused without harm.
#include "../check.h"

static char name[9000];

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    memset(name, 'x', sizeof name - 1);
    for (usize length = 120; length < sizeof name; length += 777) {
        name[length] = '\0';
        CHECK(open(name, OREAD) == -1);
        CHECK(chdir(name) == -1);
        CHECK(exec(name, (char*[]){"x", nil}) == -1);
        name[length] = 'x';
    }
    FAILS(open(name, OREAD), "name too long*");
    FAILS(exec("/bin/echo/", (char*[]){"x", nil}), "*");
    exits("");
}
