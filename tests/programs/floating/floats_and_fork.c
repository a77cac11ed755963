// A fork copies floating-point registers; then each side changes its own. exec and a process that
// never had any begin with zeroes.
#include "floats.h"

static const Floats kNone;

static void has_none(void) { FLOATS_ARE(kNone); }

static void has_copy(void) {
    FLOATS_ARE(pattern(7));
    const Floats mine = pattern(8);
    set_floats(&mine);
    sleep(2);
    FLOATS_ARE(mine);
}

static void executes(void) {
    const Floats mine = pattern(9);
    set_floats(&mine);
    exec("/suite/floats_and_fork", (char*[]){"floats_and_fork", "again", nil});
    fail("exec: %r");
}

static void executes_in_vain(void) {
    const Floats mine = pattern(10);
    set_floats(&mine);
    FAILS(exec("/bin/no such program", (char*[]){"none", nil}), "*");
    FLOATS_ARE(mine);
}

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc == 2) {
        has_none();
        exits("again");
    }
    DIES(has_none, "");
    for (int i = 0; i < 20; ++i) {
        const Floats mine = pattern(7);
        set_floats(&mine);
        const int pid = child(has_copy);
        sleep(1);
        FLOATS_ARE(mine);
        ENDS(pid, "");
        FLOATS_ARE(mine);
    }
    DIES(executes, "again");
    DIES(executes_in_vain, "");
    exits("");
}
