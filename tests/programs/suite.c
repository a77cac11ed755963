// suite: runs programs, each in a child, and compares what the kernel has in use before and after.
//
// usage: suite [-p seconds] [program ...]; without names all of /suite. One line for each, then the
// totals. What a program with arguments, as 'stress 7', prints is shown. -p: after so long a
// program is ended, and has failed.
#include <bio.h>
#include <fcall.h>
#include <procyon.h>

enum { kTries = 3, kSettle = 3000, kWords = 8 };

static ulong patience = 100;  // seconds

/* What must be the same before a program and after it. */
static const char* const kCounts[] = {"procs.live", "pids.live", "pages.inuse", "pages.tables",
                                      "objects.inuse"};
typedef struct {
    vlong of[nelem(kCounts)];
} Counts;

/*
 * Room for what is looked at, all of it touched before the first count: this program must not grow
 * while it counts, as a heap would with the number of processes that are still about.
 */
static char text[8192];
static uchar records[8192];

static Counts look(void) {
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

/* Reads a file of process `name` into `to`, as text; -1: there is none. */
static long read_file(const char* name, const char* file, char* to, long size) {
    char path[64];
    snprint(path, sizeof path, "/proc/%s/%s", name, file);
    const int fd = open(path, OREAD);
    if (fd < 0) return -1;
    const long count = read(fd, to, size - 1);
    close(fd);
    if (count >= 0) to[count] = '\0';
    return count;
}

static void end(const char* name) {
    char path[64];
    snprint(path, sizeof path, "/proc/%s/ctl", name);
    const int fd = open(path, OWRITE);
    if (fd < 0) return;
    write(fd, "kill", 4);
    close(fd);
}

/* Ends processes: the Broken ones, and those of a note group, unless it is 0. */
static void end_what_is_left(int group) {
    const int proc = open("/proc", OREAD);
    for (;;) {
        const long size = read(proc, records, sizeof records);
        if (size <= 0) break;
        Dir entry;
        for (long at = 0; at < size;) {
            const uint used = convM2D(records + at, size - at, &entry, text);
            if (used == 0) sysfatal("/proc holds what is no record");
            char status[80], id[32];
            const int is_broken = read_file(entry.name, "status", status, sizeof status) >= 68 &&
                                  strncmp(status + 56, "Broken ", 7) == 0;
            // Its leader may have left it.
            const int is_of_group =
                group != 0 &&
                (atoi(entry.name) == group ||
                 (read_file(entry.name, "noteid", id, sizeof id) > 0 && atoi(id) == group));
            if (is_broken || is_of_group) end(entry.name);
            at += used;
        }
    }
    close(proc);
}

/* Which count is not what it was; nil if all are, at last: processes that ended take a moment to
 * be gone. */
static const char* leak(const Counts* before) {
    for (int left = kSettle;; left -= 5) {
        end_what_is_left(0);
        const Counts now = look();
        usize i = 0;
        while (i < nelem(kCounts) && now.of[i] == before->of[i]) ++i;
        if (i == nelem(kCounts)) return nil;
        if (left <= 0) {
            static char why[96];
            snprint(why, sizeof why, "%s was %lld, is %lld", kCounts[i], before->of[i], now.of[i]);
            return why;
        }
        sleep(5);
    }
}

/* Lets wait() be interrupted. */
static void alarmed(void* registers, char* note) {
    USED(registers);
    noted(strcmp(note, "alarm") == 0 ? NCONT : NDFLT);
}

/* Becomes the program. */
static void become(char* command) {
    char* words[kWords + 1];
    char path[64], why[ERRMAX];
    const int count = tokenize(command, words, kWords);
    words[count] = nil;
    const int null = open("/dev/null", ORDWR);
    for (int fd = 0; fd < 3; ++fd) {
        if (count == 1 || fd == 0) dup(null, fd);
    }
    close(null);
    snprint(path, sizeof path, "/suite/%s", words[0]);
    if (access(path, AEXEC) < 0) snprint(path, sizeof path, "/bin/%s", words[0]);
    exec(path, words);
    rerrstr(why, sizeof why);
    _exits(why);
}

/* Runs the program; returns what is wrong with it, malloc'ed, or nil. If something is, all of its
 * note group is ended, so that the next finds a machine like its own. */
static char* run(char* command) {
    const int pid = rfork(RFPROC | RFFDG | RFREND | RFNOTEG | RFENVG | RFNAMEG);
    if (pid < 0) return smprint("rfork: %r");
    if (pid == 0) become(command);
    for (;;) {
        alarm(patience * 1000);
        Waitmsg* const message = wait();
        const int left = alarm(0);
        if (message == nil) {
            char* const why = left == 0 ? estrdup("does not end") : smprint("wait: %r");
            end_what_is_left(pid);
            waitpid();
            return why;
        }
        const int ours = message->pid == pid;
        char* why = ours && message->msg[0] != '\0' ? estrdup(message->msg) : nil;
        free(message);
        if (!ours) continue;
        if (why != nil) end_what_is_left(pid);
        return why;
    }
}

/* The first runs may leave what is kept for later ones; a leak is there each time. */
static int passes(char* name) {
    const char* why = nil;
    for (int i = 0; i < kTries; ++i) {
        const Counts before = look();
        char* const wrong = run(name);
        if (wrong != nil) {
            leak(&before);
            print("FAIL %s: %s\n", name, wrong);
            free(wrong);
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

static void usage(void) {
    fprint(2, "usage: suite [-p seconds] [program ...]\n");
    exits("usage");
}

void main(int argc, char* argv[]) {
    int passed = 0, failed = 0;
    notify(alarmed);
    memset(text, 0, sizeof text);
    memset(records, 0, sizeof records);
    ARGBEGIN {
        case 'p':
            patience = atoi(EARGF(usage()));
            break;
        default:
            usage();
    }
    ARGEND
    for (int i = 0; i < argc; ++i) *(passes(argv[i]) ? &passed : &failed) += 1;
    if (argc == 0) {
        Dir* entries;
        const long count = dirreadall(open("/suite", OREAD), &entries);
        if (count <= 0) sysfatal("/suite: %r");
        qsort(entries, count, sizeof *entries, by_name);
        for (long i = 0; i < count; ++i) *(passes(entries[i].name) ? &passed : &failed) += 1;
    }
    print("%d passed, %d failed\n", passed, failed);
    exits(failed == 0 && passed > 0 ? "" : "failed");
}
