// What a handler does to the registers is what the program goes on with: here, past a fault. The
// lowest bit of pc does not count.
#include "../check.h"

static void skips(void* frame, char* text) {
    Ureg* const registers = frame;
    USED(text);
    registers->pc = (registers->pc + 4) | (notes_seen++ % 2);
    registers->x[9] = 4711;  // x10, a0
    noted(NCONT);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(skips) == 0);
    for (int i = 0; i < 10; ++i) {
        register uvlong a0 __asm__("a0") = 8;
        __asm__ volatile(".option push\n\t.option norvc\n\tld a0, 0(a0)\n\t.option pop" : "+r"(a0));
        SAME(a0, 4711);
    }
    exits("");
}
