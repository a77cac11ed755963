// What a debugger does: stops a program where it begins, sets a breakpoint in its text, waits for it,
// looks at registers and memory, changes both, and lets it go on.
#include "../check.h"

enum { kPc = 31, kWords = 35 };
#define SP 1
#define A0 9

static volatile int seen;
static char words[] = "untouched";

/* Has the breakpoint at its beginning. */
__attribute__((noinline)) static int doubled(int x) {
    asm volatile("" : "+r"(x));
    return 2 * x;
}

static void debugged(void) {
    seen = doubled(4);
    if (strcmp(words, "changed") != 0) _exits("words");
    char status[32];
    snprint(status, sizeof status, "%d", seen);
    _exits(status);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const uvlong at = (uvlong)doubled;
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid == 0) debugged();
    CHECK(pid > 0);
    const int mem = process_file(pid, "mem", ORDWR);
    const int regs = process_file(pid, "regs", ORDWR);
    const int note = process_file(pid, "note", OREAD);
    CHECK(mem >= 0 && regs >= 0 && note >= 0);
    SAME(control(pid, "waitstop"), 0);

    uvlong registers[kWords];
    SAME(pread(regs, registers, sizeof registers, 0), sizeof registers);
    CHECK(registers[SP] != 0 && registers[kPc] != 0);
    // Only the text of this process: ours is the same file.
    const ushort breakpoint = 0x9002;
    ushort original;
    SAME(pread(mem, &original, sizeof original, at), sizeof original);
    CHECK(original == *(ushort*)at);
    SAME(pwrite(mem, &breakpoint, sizeof breakpoint, at), sizeof breakpoint);
    CHECK(*(ushort*)at == original);

    SAME(control(pid, "startstop"), 0);
    char text[ERRMAX];
    CHECK(read(note, text, sizeof text) > 0);
    CHECK(strncmp(text, "sys: breakpoint", 15) == 0);
    SAME(read(note, text, sizeof text), 0);
    SAME(pread(regs, registers, sizeof registers, 0), sizeof registers);
    SAME(registers[kPc], at);
    SAME(registers[A0], 4);
    SAME(pread(mem, text, sizeof words, (uvlong)words), sizeof words);
    CHECK(strcmp(text, "untouched") == 0);
    // Another argument, other words, and the instruction that was there.
    SAME(pwrite(regs, &(uvlong){21}, sizeof(uvlong), A0 * sizeof(uvlong)), sizeof(uvlong));
    SAME(pwrite(mem, "changed", 8, (uvlong)words), 8);
    SAME(pwrite(mem, &original, sizeof original, at), sizeof original);
    SAME(control(pid, "start"), 0);
    ENDS(pid, "42");
    FAILS(pread(regs, registers, sizeof registers, 0), "process exited");
    FAILS(pread(mem, text, 1, at), "process exited");
    exits("");
}
