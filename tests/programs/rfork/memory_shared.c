// With RFMEM data, bss and attached memory are one for both, and each has its own stack.
#include "../check.h"

static volatile int data = 1, bss;

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    volatile int stack = 1;
    volatile int* const heap = malloc(sizeof *heap);
    volatile int* const attached = segattach(0, "memory", nil, 4096);
    *heap = 1;
    for (int i = 2; i < 20; ++i) {
        const int pid = rfork(RFPROC | RFFDG | RFMEM);
        if (pid == 0) {
            data = bss = *heap = *attached = stack = i;
            _exits("");
        }
        int got = -1;
        char text[WAITTEXT];
        CHECK(pid > 0 && (got = await(text, sizeof text)) > 0);
        SAME(atoi(text), pid);
        SAME(data, i);
        SAME(bss, i);
        SAME(*heap, i);
        SAME(*attached, i);
        SAME(stack, 1);
    }
    // A fork has copies of it all again.
    const int pid = fork();
    if (pid == 0) {
        SAME(data, 19);
        data = *heap = *attached = 77;
        _exits("");
    }
    ENDS(pid, "");
    SAME(data, 19);
    SAME(*heap, 19);
    SAME(*attached, 19);
    exits("");
}
