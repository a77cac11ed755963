// fpregs: what a stopped program has in floating-point registers, as it was on its hart; and changed.
#include "../check.h"

static volatile int* go;

static void computes(void) {
    double kept;
    asm volatile("fcvt.d.w fs3, %0" : : "r"(41) : "fs3");
    while (*go == 0) continue;
    asm volatile("fmv.d %0, fs3" : "=f"(kept) : : "fs3");
    _exits(kept == 6.5 ? "6.5" : "other");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    enum { kFs3 = 19, kControl = 32 };
    char name[64];
    double value;
    go = shared_memory(4096);
    const int pid = child(computes);
    snprint(name, sizeof name, "/proc/%d/fpregs", pid);
    const int fd = open(name, ORDWR);
    CHECK(fd >= 0);
    for (;;) {
        SAME(control(pid, "stop"), 0);
        SAME(pread(fd, &value, sizeof value, kFs3 * sizeof value), sizeof value);
        if (value == 41.0) break;  // it has come so far
        SAME(control(pid, "start"), 0);
    }
    value = 6.5;
    SAME(pwrite(fd, &value, sizeof value, kFs3 * sizeof value), sizeof value);
    uvlong control_word = 0;
    SAME(pread(fd, &control_word, sizeof control_word, kControl * sizeof control_word), sizeof control_word);
    SAME(control_word, 0);
    *go = 1;
    SAME(control(pid, "start"), 0);
    ENDS(pid, "6.5");
    close(fd);
    exits("");
}
