// A call changes a0 and clears what else a function may change, so nothing of the kernel is seen; one that may be made again leaves
// what it was made with.
#include "../check.h"

enum { kA6 = 5, kA7 = 6, kTemporaries = 7, kS2 = 14, kS11 = 15 };

/* a1 .. a7, t0 .. t6, s2, s11 */
static uvlong seen[16];

static void look(ulong number) {
    register uvlong a7 __asm__("a7") = number;
    __asm__ volatile(
        "li a0, 0\n\tli a1, 0\n\tli a2, 2\n\tli a3, 3\n\tli a4, 4\n\tli a5, 5\n\tli a6, 6\n\t"
        "li s2, 22\n\tli s11, 33\n\tli t0, 98\n\tli t6, 99\n\tecall\n\t"
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
    static const struct {
        ulong number;
        int is_short;
    } calls[] = {{CALL_nsec, 1}, {CALL_getpid, 1}, {CALL_sleep, 0}, {CALL_close, 0}, {CALL_rfork, 0}};
    for (usize i = 0; i < nelem(calls); ++i) {
        memset(seen, 0xee, sizeof seen);
        look(calls[i].number);
        SAME(seen[0], 0);
        for (uvlong j = 1; j < kA6; ++j) SAME(seen[j], calls[i].is_short ? 0 : j + 1);
        SAME(seen[kA6], 0);
        SAME(seen[kA7], calls[i].is_short ? 0 : calls[i].number);
        for (int j = kTemporaries; j < kS2; ++j) SAME(seen[j], 0);
        SAME(seen[kS2], 22);
        SAME(seen[kS11], 33);
    }
    exits("");
}
