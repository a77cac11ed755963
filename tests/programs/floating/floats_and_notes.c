// A note handler begins with floating-point registers of its own; the code that the note came to
// gets its own back.
#include "floats.h"

static const Floats kNone;
static volatile int handled, depth;
static uintptr here;

/* Spoils all. */
static void handler(void* registers, char* text) {
    USED(registers), USED(text);
    FLOATS_ARE(kNone);
    const Floats other = pattern(100 + handled);
    set_floats(&other);
    ++handled;
    sleep(1);
    FLOATS_ARE(other);
    noted(NCONT);
}

static void continued(void* frame, char* text) {
    Ureg* const registers = frame;
    USED(text);
    FLOATS_ARE(pattern(handled));
    const Floats other = pattern(50);
    set_floats(&other);
    registers->pc = here;
    ++handled;
    noted(NRSTR);
}

static void saves(void* frame, char* text) {
    Ureg* const registers = frame;
    USED(text);
    FLOATS_ARE(kNone);
    here = registers->pc;
    registers->pc = (uintptr)continued;
    noted(NSAVE);
}

/* A handler whose frame says that the registers are where they are not. */
static void lies(void* registers, char* text) {
    USED(text);
    for (uvlong* word = (uvlong*)registers; (char*)word < text + 256; ++word) {
        if (*word > (uintptr)registers && *word < (uintptr)registers + 4096) *word = ~0xfffull;
    }
    noted(NCONT);
}

static void trusts(void) {
    const Floats mine = pattern(3);
    set_floats(&mine);
    CHECK(notify(lies) == 0);
    postnote(PNPROC, getpid(), "one");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(handler) == 0);
    /* At a call, and then at no call at all. */
    for (int i = 0; i < 10; ++i) {
        const Floats mine = pattern(i);
        set_floats(&mine);
        SAME(postnote(PNPROC, getpid(), "one"), 0);
        SAME(handled, i + 1);
        FLOATS_ARE(mine);
        alarm(2);
        while (handled == i + 1) {
        }
        FLOATS_ARE(mine);
        handled = i + 1;
    }
    CHECK(notify(saves) == 0);
    for (handled = 0; handled < 5;) {
        const int before = handled;
        const Floats mine = pattern(before);
        set_floats(&mine);
        SAME(postnote(PNPROC, getpid(), "one"), 0);
        SAME(handled, before + 1);
        FLOATS_ARE(mine);
    }
    DIES(trusts, "Suicide");
    exits("");
}
