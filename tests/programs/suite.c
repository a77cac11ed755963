// suite: runs programs, each in a child, and compares what the kernel has in use before and after.
//
// usage: suite [program ...]; without names all of /suite. One line for each, then the totals.
#include <bio.h>

enum { kTries = 3, kSettle = 3000, kPatience = 100000 };

/* What must be the same before a program and after it. */
static const char* const kCounts[] = {"procs.live", "pids.live", "pages.inuse", "pages.tables",
                                      "objects.inuse"};
typedef struct {
    vlong of[nelem(kCounts)];
} Counts;

static Counts look(void) {
    static char text[8192];
    Counts counts;
    const int fd = open("/proc/stats", OREAD);
    if (fd < 0) sysfatal("/proc/stats: %r");
    const long size = readn(fd, text, sizeof text - 1);
    close(fd);
    text[size < 0 ? 0 : size] = '\0';
    for (usize i = 0; i < nelem(kCounts); ++i) {
        const char* const at = strstr(text, kCounts[i]);
        if (at == nil) sysfatal("/proc/stats has no %s", kCounts[i]);
        counts.of[i] = atoll(at + strlen(kCounts[i]));
    }
    return counts;
}

/* Ends the Broken processes that the program left. */
static void release_broken(void) {
    Dir* entries;
    const int proc = open("/proc", OREAD);
    const long count = dirreadall(proc, &entries);
    close(proc);
    for (long i = 0; i < count; ++i) {
        char name[64], text[80];
        snprint(name, sizeof name, "/proc/%s/status", entries[i].name);
        int fd = open(name, OREAD);
        if (fd < 0) continue;
        const long size = read(fd, text, sizeof text - 1);
        close(fd);
        if (size < 68 || strncmp(text + 56, "Broken ", 7) != 0) continue;
        snprint(name, sizeof name, "/proc/%s/ctl", entries[i].name);
        fd = open(name, OWRITE);
        if (fd < 0) continue;
        write(fd, "kill", 4);
        close(fd);
    }
    if (count > 0) free(entries);
}

/* Which count is not what it was; nil if all are, at last: processes that ended take a moment to
 * be gone. */
static const char* leak(const Counts* before) {
    static char text[96];
    for (int left = kSettle;; left -= 5) {
        release_broken();
        const Counts now = look();
        usize i = 0;
        while (i < nelem(kCounts) && now.of[i] == before->of[i]) ++i;
        if (i == nelem(kCounts)) return nil;
        if (left <= 0) {
            snprint(text, sizeof text, "%s was %lld, is %lld", kCounts[i], before->of[i],
                    now.of[i]);
            return text;
        }
        sleep(5);
    }
}

/* Lets wait() be interrupted. */
static void alarmed(Ureg* registers, char* text) {
    USED(registers);
    noted(strcmp(text, "alarm") == 0 ? NCONT : NDFLT);
}

/* Ends all that the program made. */
static void end_group(int pid) {
    if (postnote(PNGROUP, pid, "kill") < 0) fprint(2, "suite: cannot end %d: %r\n", pid);
    waitpid();
}

/* Runs the program; returns what is wrong with it, malloc'ed, or nil. */
static char* run(const char* name) {
    char path[64];
    snprint(path, sizeof path, "/suite/%s", name);
    const int pid = rfork(RFPROC | RFFDG | RFREND | RFNOTEG | RFENVG | RFNAMEG);
    if (pid < 0) return smprint("rfork: %r");
    if (pid == 0) {
        const int null = open("/dev/null", ORDWR);
        for (int fd = 0; fd < 3; ++fd) dup(null, fd);
        close(null);
        exec(path, (char*[]){(char*)name, nil});
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        _exits(why);
    }
    for (;;) {
        alarm(kPatience);
        Waitmsg* const message = wait();
        const int left = alarm(0);
        if (message == nil) {
            end_group(pid);
            return left == 0 ? estrdup("does not end") : smprint("wait: %r");
        }
        const int ours = message->pid == pid;
        char* why = ours && message->msg[0] != '\0' ? estrdup(message->msg) : nil;
        free(message);
        if (ours) return why;
    }
}

/* The first runs may leave what is kept for later ones; a leak is there each time. */
static int passes(const char* name) {
    const char* why = nil;
    for (int i = 0; i < kTries; ++i) {
        const Counts before = look();
        char* const wrong = run(name);
        if (wrong != nil) {
            print("FAIL %s: %s\n", name, wrong);
            free(wrong);
            release_broken();
            return 0;
        }
        why = leak(&before);
        if (why == nil) {
            print("ok %s\n", name);
            return 1;
        }
    }
    print("FAIL %s: %s\n", name, why);
    return 0;
}

static int by_name(const void* a, const void* b) {
    return strcmp(((const Dir*)a)->name, ((const Dir*)b)->name);
}

void main(int argc, char* argv[]) {
    int passed = 0, failed = 0;
    notify(alarmed);
    for (int i = 1; i < argc; ++i) *(passes(argv[i]) ? &passed : &failed) += 1;
    if (argc < 2) {
        Dir* entries;
        const long count = dirreadall(open("/suite", OREAD), &entries);
        if (count <= 0) sysfatal("/suite: %r");
        qsort(entries, count, sizeof *entries, by_name);
        for (long i = 0; i < count; ++i) *(passes(entries[i].name) ? &passed : &failed) += 1;
    }
    print("%d passed, %d failed\n", passed, failed);
    exits(failed == 0 && passed > 0 ? "" : "failed");
}
