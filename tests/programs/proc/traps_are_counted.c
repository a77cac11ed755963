// traps counts what a program enters the kernel for: calls, long and short, and faults; and sysstat's
// columns of calls and faults are no zeroes.
#include "../check.h"

static vlong count(int pid, const char* name) {
    char text[600];
    const int fd = process_file(pid, "traps", OREAD);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(fd >= 0 && n > 0);
    text[n] = '\0';
    close(fd);
    char* at = strstr(text, name);
    CHECK(at != nil && (at == text || at[-1] == '\n') && at[strlen(name)] == ' ');
    return atoll(at + strlen(name));
}

static vlong column(int number) {
    char text[8192];
    char* lines[64];
    char* words[10];
    const int fd = open("/dev/sysstat", OREAD);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(fd >= 0 && n > 0);
    text[n] = '\0';
    close(fd);
    const int harts = getfields(text, lines, 64, 1, "\n");
    vlong sum = 0;
    for (int i = 0; i < harts; ++i) {
        SAME(getfields(lines[i], words, 10, 1, " \t"), 10);
        sum += atoll(words[number]);
    }
    return sum;
}

static void call_and_wait(void) {
    const vlong before = count(getpid(), "ecall");
    for (int i = 0; i < 100; ++i) getpid();
    for (int i = 0; i < 100; ++i) sleep(0);
    // open, read, close, getpid.
    const vlong made = count(getpid(), "ecall") - before;
    CHECK(made >= 200 && made <= 210);
}

static void fault(void) {
    enum { kPages = 20 };
    const int pid = getpid();
    const vlong before = count(pid, "pf.store");
    char* memory = segattach(0, "memory", nil, kPages * 4096);
    CHECK(memory != (char*)-1);
    for (int i = 0; i < kPages; ++i) memory[i * 4096] = 1;
    CHECK(count(pid, "pf.store") - before >= kPages);
    CHECK(count(pid, "illegal") == 0);
}

static void trap(void) {
    notify(count_notes);
    asm volatile("unimp");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const vlong calls = column(3), faults = column(4);
    ENDS(child(call_and_wait), "");
    ENDS(child(fault), "");
    // A child's counts are its own.
    const int pid = child(trap);
    EVENTUALLY(count(pid, "illegal") > 0);
    CHECK(count(pid, "breakpoint") == 0);
    control(pid, "kill");
    ENDS(pid, "Killed");
    CHECK(column(3) >= calls + 200);
    CHECK(column(4) >= faults + 20);
    CHECK(count(1, "timer") >= 0);
    exits("");
}
