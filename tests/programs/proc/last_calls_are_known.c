// syscall tells the last 32 calls of a program that nobody traced, of one that died too; io what it read and wrote.
#include "../check.h"

static char text[4096];

static char* read_all(int pid, const char* name) {
    const int fd = process_file(pid, name, OREAD);
    CHECK(fd >= 0);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(n >= 0);
    text[n] = '\0';
    close(fd);
    return text;
}

static void dies(void) {
    for (int i = 0; i < 40; ++i) seek(99, 0, 0);  // fails
    dup(0, 20);
    sleep(1);
    asm volatile("ebreak");
}

static void waits(void) {
    sleep(1);
    for (;;) sleep(1000000);
}

static vlong number_of(int pid, const char* name) {
    char* at = strstr(read_all(pid, "io"), name);
    CHECK(at != nil && (at == text || at[-1] == '\n'));
    return atoll(at + strlen(name) + 1);
}

static void counts(void) {
    char data[100];
    int ends[2];
    CHECK(pipe(ends) == 0);
    const int pid = getpid();
    const vlong reads = number_of(pid, "reads"), bytes = number_of(pid, "read_bytes");
    const vlong writes = number_of(pid, "writes"), written = number_of(pid, "written_bytes");
    memset(data, 'x', sizeof data);
    SAME(write(ends[0], data, 100), 100);
    SAME(read(ends[1], data, 60), 60);
    FAILS(write(77, data, 10), "fd out of range or not open");
    SAME(number_of(pid, "writes"), writes + 1);
    SAME(number_of(pid, "written_bytes"), written + 100);
    // Reading the file counts too: six times since, that of now not yet.
    SAME(number_of(pid, "reads"), reads + 7);
    CHECK(number_of(pid, "read_bytes") > bytes + 60);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const vlong before = nsec();
    const int pid = child(dies);
    EVENTUALLY(strcmp(state_of(pid), "Broken") == 0);
    char* lines[40];
    SAME(getfields(read_all(pid, "syscall"), lines, 40, 1, "\n"), 32);
    for (int i = 0; i < 32; ++i) {
        char* words[5];
        const int last = i == 31;
        SAME(getfields(lines[i], words, 5, 1, " "), 4);
        SAME(strcmp(words[1], last ? "sleep" : i == 30 ? "dup" : "seek"), 0);
        SAME(strcmp(words[2], "="), 0);
        SAME(atoi(words[3]), last ? 0 : i == 30 ? 20 : -1);
        const vlong time = atoll(words[0]);
        CHECK(time > before - 1000000000LL && time < nsec() + 1000000000LL);
    }
    CHECK(control(pid, "kill") >= 0);
    wait();

    // The call that it is in has no result.
    const int waiter = child(waits);
    EVENTUALLY(strcmp(state_of(waiter), "Sleep") == 0 && strstr(read_all(waiter, "syscall"), " = 0\n") != nil);
    char* end = strrchr(text, ' ');
    SAME(strcmp(end, " sleep\n"), 0);
    CHECK(control(waiter, "kill") >= 0);
    ENDS(waiter, "Killed");
    // Who executes kernel code only makes none.
    SAME(strlen(read_all(1, "syscall")), 0);
    DIES(counts, "");
    exits("");
}
