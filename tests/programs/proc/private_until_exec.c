// What is private is closed to all, also where it was open before; the next program is not.
#include "../check.h"

static const char* files[] = {"core", "fpregs", "io", "mem", "profile", "regs", "syscall"};
static volatile int* step;

static void hides(void) {
    while (*step == 0) sleep(1);
    SAME(control(getpid(), "private"), 0);
    *step = 2;
    while (*step == 2) sleep(1);
    for (int i = 0; i < 20; ++i) seek(99, 0, 0);
    char* words[] = {"sleep", "1000", nil};
    exec("/bin/sleep", words);
    fail("exec: %r");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char byte[1];
    step = shared_memory(4096);
    const int pid = child(hides);
    const int before = process_file(pid, "mem", OREAD);
    SAME(pread(before, byte, 1, (uvlong)files), 1);
    *step = 1;
    EVENTUALLY(*step == 2);
    FAILS(pread(before, byte, 1, (uvlong)files), "permission denied");
    for (usize i = 0; i < nelem(files); ++i) {
        FAILS(process_file(pid, files[i], OREAD), "permission denied*");
    }
    CHECK(process_file(pid, "status", OREAD) >= 0 && process_file(pid, "text", OREAD) >= 0);
    *step = 3;
    EVENTUALLY(process_file(pid, "mem", OREAD) >= 0);
    EVENTUALLY(strcmp(state_of(pid), "Sleep") == 0);  // so the new program has called once
    SAME(control(pid, "stop"), 0);
    for (usize i = 0; i < nelem(files); ++i) CHECK(process_file(pid, files[i], OREAD) >= 0);
    // What it called while it was private nobody learns: of its calls seek is one, of the next program's none.
    char calls[2048];
    const int file = process_file(pid, "syscall", OREAD);
    const long n = read(file, calls, sizeof calls - 1);
    CHECK(n > 0);
    calls[n] = '\0';
    CHECK(strstr(calls, "seek") == nil && strstr(calls, "sleep") != nil);
    close(file);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed");
    exits("");
}
