// parked: many processes that sleep for ever, what each costs, and their end by one note.
//
// usage: parked count
// Twice: the children of the first round touch nothing after they were made, those of the second
// write one word to their stack. `ps` must list them all. What is in use after each round must be
// what was before it; but the kernel's own tables grow with the most processes that there ever
// were.
#include <libc.h>

enum { kForever = 0x7fffffff, kPatience = 60000, kPollMs = 20, kFew = 10 };

/* The number behind `name` in /proc/stats. */
static vlong stat_of(const char* name) {
    static char text[8192];
    const int fd = open("/proc/stats", OREAD);
    const long size = readn(fd, text, sizeof text - 1);
    close(fd);
    text[size < 0 ? 0 : size] = '\0';
    const char* const at = strstr(text, name);
    if (at == nil) sysfatal("/proc/stats has no %s", name);
    return atoll(at + strlen(name));
}

/* Pages that nobody has: kernel stacks are kept for the next process when one ends. */
static vlong left(void) { return stat_of("pages.free") + stat_of("pages.cachedstacks"); }

/* What must be as it was: first what the first round may not change either. */
static const char* const kCounts[] = {"procs.live", "pids.live", "pages.inuse", "objects.inuse",
                                      "pages.tables"};
enum { kFirst = nelem(kCounts) - 1 };

/* Waits until `count` is what it was. */
static void settles(const char* count, vlong was) {
    for (int patience = kPatience; stat_of(count) != was; patience -= kPollMs) {
        if (patience <= 0) sysfatal("%s was %lld, is %lld", count, was, stat_of(count));
        sleep(kPollMs);
    }
}

/* How many lines `ps` prints. */
static int lines_of_ps(void) {
    int ends[2], lines = 0;
    static char text[8192];
    if (pipe(ends) < 0) sysfatal("pipe: %r");
    const int pid = fork();
    if (pid < 0) sysfatal("fork: %r");
    if (pid == 0) {
        dup(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        exec("/bin/ps", (char*[]){"ps", nil});
        sysfatal("ps: %r");
    }
    close(ends[1]);
    memset(text, 0, sizeof text);  // all its pages are there, however much comes at once
    for (long size; (size = read(ends[0], text, sizeof text)) > 0;) {
        for (long i = 0; i < size; ++i) lines += text[i] == '\n';
    }
    close(ends[0]);
    Waitmsg* const message = wait();
    if (message == nil || message->msg[0] != '\0') sysfatal("ps ended with %s", message->msg);
    free(message);
    return lines;
}

/* The leader of the group: makes the sleepers, says so, and sleeps too. */
static void lead(int count, int writes, int to) {
    for (int i = 0; i < count; ++i) {
        const int pid = rfork(RFPROC | RFNOWAIT);
        if (pid < 0) sysfatal("process %d: %r", i);
        if (pid > 0) continue;
        if (writes) *(volatile int*)__builtin_alloca(sizeof(int)) = 1;
        for (;;) sleep(kForever);
    }
    write(to, "x", 1);
    for (;;) sleep(kForever);
}

static void park(int count, int writes) {
    int ends[2];
    char made;
    const vlong live = stat_of("procs.live"), before = left();
    if (pipe(ends) < 0) sysfatal("pipe: %r");
    const int leader = rfork(RFPROC | RFNOTEG | RFFDG);
    if (leader < 0) sysfatal("rfork: %r");
    if (leader == 0) {
        close(ends[0]);
        lead(count, writes, ends[1]);
    }
    close(ends[1]);
    if (read(ends[0], &made, 1) != 1) sysfatal("not all were made");
    close(ends[0]);
    // Those made last may not have run yet.
    sleep(500);
    const vlong used = before - left();
    const int lines = lines_of_ps();
    if (lines < count) sysfatal("ps lists %d of %d", lines, count);
    if (postnote(PNGROUP, leader, "kill") < 0) sysfatal("notepg: %r");
    waitpid();
    settles("procs.live", live);
    print("parked %d: %lld bytes each%s, ps lists %d\n", count, used * 4096 / count,
          writes ? " after a write to the stack" : "", lines);
}

static void look(vlong counts[nelem(kCounts)]) {
    for (usize i = 0; i < nelem(kCounts); ++i) counts[i] = stat_of(kCounts[i]);
}

/* The first `count` counts are, or will soon be, what they were: some processes are still on their
 * way out when they are not listed any more. */
static void compare(const vlong before[nelem(kCounts)], usize count) {
    for (usize i = 0; i < count; ++i) settles(kCounts[i], before[i]);
}

void main(int argc, char* argv[]) {
    if (argc != 2) sysfatal("usage: parked count");
    vlong before[nelem(kCounts)], after[nelem(kCounts)];
    // This program has touched all of its own memory then.
    look(before);
    park(kFew, 0);
    compare(before, 2);
    sleep(1000);
    look(before);
    park(atoi(argv[1]), 0);
    compare(before, kFirst);
    look(after);
    park(atoi(argv[1]), 1);
    compare(after, nelem(kCounts));
    print("parked: all counts are as they were\n");
    exits("");
}
