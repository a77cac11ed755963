// Who is let go on by startstop stops at its next note: in a handler, though another note waits for
// its end; so do threads that it makes, but not what these execute.
#include "../check.h"

enum { kPc = 31 };

static volatile int* shared;

static void breaks_in_handler(void* registers, char* note) {
    USED(registers);
    if (strcmp(note, "first") == 0) asm volatile("c.ebreak\n c.ebreak");
    noted(NCONT);
}

static void sleeps_with_handler(void) {
    notify(breaks_in_handler);
    shared[0] = 1;
    while (shared[1] == 0) sleep(1);
    _exits("fine");
}

/* Takes the note that it stopped at, which is a breakpoint, and lets it stand behind that. */
static void step_over_breakpoint(int pid) {
    char text[ERRMAX];
    uvlong pc;
    const int note = process_file(pid, "note", OREAD);
    const int regs = process_file(pid, "regs", ORDWR);
    CHECK(read(note, text, sizeof text) > 0);
    CHECK(strncmp(text, "sys: breakpoint", 15) == 0);
    SAME(pread(regs, &pc, sizeof pc, kPc * sizeof pc), sizeof pc);
    pc += 2;
    SAME(pwrite(regs, &pc, sizeof pc, kPc * sizeof pc), sizeof pc);
    close(note);
    close(regs);
}

static void in_a_handler(void) {
    const int pid = child(sleeps_with_handler);
    EVENTUALLY(shared[0] == 1);
    SAME(control(pid, "stop"), 0);
    SAME(postnote(PNPROC, pid, "first"), 0);
    SAME(control(pid, "startstop"), 0);
    step_over_breakpoint(pid);
    SAME(postnote(PNPROC, pid, "second"), 0);
    SAME(control(pid, "startstop"), 0);
    step_over_breakpoint(pid);
    shared[1] = 1;
    SAME(control(pid, "start"), 0);
    ENDS(pid, "fine");
}

static void makes_threads(void) {
    shared[2] = 0;
    const int executes = rfork(RFPROC | RFMEM | RFFDG);
    if (executes == 0) {
        exec("/bin/sleep", (char*[]){"sleep", "100", nil});
        _exits("exec");
    }
    shared[2] = executes;
    const int breaks = rfork(RFPROC | RFMEM | RFFDG);
    if (breaks == 0) {
        asm volatile("c.ebreak");
        _exits("went on");
    }
    shared[3] = breaks;
    for (;;) sleep(1);
}

static int maker;
static void debugs(void) { control(maker, "startstop"); }

static int is_called(int pid, const char* name) {
    char text[64];
    const int fd = process_file(pid, "args", OREAD);
    const int size = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    text[size < 0 ? 0 : size] = '\0';
    return strncmp(text, name, strlen(name)) == 0;
}

static void of_threads(void) {
    shared[0] = shared[1] = shared[2] = shared[3] = 0;
    maker = rfork(RFPROC | RFFDG | RFSTOP);
    if (maker == 0) makes_threads();
    SAME(control(maker, "waitstop"), 0);
    const int debugger = child(debugs);
    EVENTUALLY(shared[2] != 0 && shared[3] != 0);
    EVENTUALLY(strcmp(state_of(shared[3]), "Stopped") == 0);
    SAME(control(shared[3], "kill"), 0);
    EVENTUALLY(is_called(shared[2], "sleep"));
    SAME(postnote(PNPROC, shared[2], "die"), 0);
    EVENTUALLY(state_of(shared[2])[0] == '\0');
    SAME(control(maker, "kill"), 0);
    ENDS(maker, "Killed");
    ENDS(debugger, "");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(4096);
    in_a_handler();
    of_threads();
    exits("");
}
