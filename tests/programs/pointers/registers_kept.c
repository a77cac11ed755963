// A call changes a0, and clears the registers that it does not keep: nothing of the kernel is seen.
#include "../check.h"

static uvlong seen[16];

static void look(ulong number) {
    register uvlong a7 __asm__("a7") = number;
    __asm__ volatile(
        "li a0, 0\n\tli s2, 22\n\tli s11, 33\n\tli t6, 99\n\tecall\n\t"
        "sd a1, 0(%1)\n\tsd a2, 8(%1)\n\tsd a3, 16(%1)\n\tsd a4, 24(%1)\n\tsd a5, 32(%1)\n\t"
        "sd a6, 40(%1)\n\tsd a7, 48(%1)\n\tsd t0, 56(%1)\n\tsd t1, 64(%1)\n\tsd t2, 72(%1)\n\t"
        "sd t3, 80(%1)\n\tsd t4, 88(%1)\n\tsd t5, 96(%1)\n\tsd t6, 104(%1)\n\tsd s2, 112(%1)\n\t"
        "sd s11, 120(%1)"
        : "+r"(a7)
        : "r"(seen)
        : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s2",
          "s11", "memory");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const ulong kCalls[] = {CALL_nsec, CALL_sleep, CALL_close, CALL_rfork, 54};
    for (usize i = 0; i < nelem(kCalls); ++i) {
        memset(seen, 0xee, sizeof seen);
        look(kCalls[i]);
        for (int j = 0; j < 14; ++j) SAME(seen[j], 0);
        SAME(seen[14], 22);
        SAME(seen[15], 33);
    }
    exits("");
}
