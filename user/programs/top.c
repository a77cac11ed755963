// top: who uses the processors now, again and again, from /proc/N/status and /dev/sysstat.
#include <bio.h>
#include <libc.h>

enum { kStatus = 176, kColumns = 12, kMost = 1024, kRows = 24 };

typedef struct Process Process;
struct Process {
    int pid;
    char name[28], user[28], state[12];
    vlong used; /* ms on a processor */
    vlong real; /* ms since its beginning */
    vlong size; /* KiB */
    int priority;
    int share; /* of a processor since the last look, in tenths of a percent */
};

static Process *now, *before;
static long now_count, before_count;
static Biobuf out;
static volatile int done;
static int batch;

static void usage(void) {
    fprint(2, "usage: top [-b] [-d seconds] [-n times]\n\t-b one list after the other, for files and pipes\n");
    exits("usage");
}

static void handler(Ureg* registers, char* note) {
    USED(registers), USED(note);
    done = 1;
    noted(NCONT);
}

static long read_text(const char* name, char* text, long room) {
    const int fd = open(name, OREAD);
    if (fd < 0) return -1;
    const long size = read(fd, text, room - 1);
    close(fd);
    if (size >= 0) text[size] = '\0';
    return size;
}

/* Looks at one; what it used since the last look, if that was the same process. */
static void look(int pid, vlong passed) {
    char name[32], status[kStatus + 64];
    char* word[kColumns];
    snprint(name, sizeof name, "/proc/%d/status", pid);
    if (now_count == kMost || read_text(name, status, sizeof status) < 0) return;
    if (getfields(status, word, kColumns, 1, " \t\n") < kColumns) return;
    Process* const it = &now[now_count++];
    it->pid = pid;
    snprint(it->name, sizeof it->name, "%s", word[0]);
    snprint(it->user, sizeof it->user, "%s", word[1]);
    snprint(it->state, sizeof it->state, "%s", word[2]);
    it->used = atoll(word[3]) + atoll(word[4]);
    it->real = atoll(word[5]);
    it->size = atoll(word[9]);
    it->priority = atoi(word[11]);
    vlong used = it->used, time = it->real;
    for (long i = 0; i < before_count; ++i) {
        if (before[i].pid != pid || before[i].real > it->real) continue;
        used -= before[i].used;
        time = passed;
    }
    it->share = time > 0 ? used * 1000 / time : 0;
}

/* Most first. */
static int compare(const void* a, const void* b) {
    const Process *x = a, *y = b;
    if (x->share != y->share) return x->share < y->share ? 1 : -1;
    if (x->used != y->used) return x->used < y->used ? 1 : -1;
    return (x->pid > y->pid) - (x->pid < y->pid);
}

/* A line for the harts: how idle each is, in percent. */
static void put_harts(void) {
    char text[8192];
    char* lines[64];
    char* word[10];
    if (read_text("/dev/sysstat", text, sizeof text) < 0) return;
    const int harts = getfields(text, lines, 64, 1, "\n");
    Bprint(&out, "idle %%:");
    for (int i = 0; i < harts; ++i) {
        if (getfields(lines[i], word, 10, 1, " \t") < 10) continue;
        Bprint(&out, " %s", word[8]);
    }
    Bprint(&out, "\n");
}

static void show(int rows) {
    static Dir* dirs;
    static vlong last;
    const vlong time = nsec() / 1000000;
    Process* const older = before;
    before = now, before_count = now_count;
    now = older, now_count = 0;
    const int fd = open("/proc", OREAD);
    if (fd < 0) sysfatal("can't open /proc: %r");
    const long found = dirreadall(fd, &dirs);
    close(fd);
    if (found < 0) sysfatal("can't read /proc: %r");
    for (long i = 0; i < found; ++i) {
        if (dirs[i].mode & DMDIR && atoi(dirs[i].name) > 0) look(atoi(dirs[i].name), time - last);
    }
    free(dirs);
    last = time;
    int running = 0;
    for (long i = 0; i < now_count; ++i)
        running += strcmp(now[i].state, "Running") == 0 || strcmp(now[i].state, "Ready") == 0;
    qsort(now, now_count, sizeof *now, compare);
    if (!batch) Bprint(&out, "\33[H\33[J");
    Bprint(&out, "%ld processes, %d running or ready\n", now_count, running);
    put_harts();
    Bprint(&out, "%8s %-10s %3s %-9s %6s %9s %8s %s\n", "PID", "USER", "PRI", "STATE", "%CPU", "TIME", "SIZE", "NAME");
    for (long i = 0; i < now_count && (batch || i < rows - 4); ++i) {
        const Process* const it = &now[i];
        Bprint(&out, "%8d %-10.10s %3d %-9.9s %4d.%d %5lld:%.2lld %7lldK %s\n", it->pid, it->user, it->priority, it->state,
               it->share / 10, it->share % 10, it->used / 60000, it->used / 1000 % 60, it->size, it->name);
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
}

static int control = -1; /* of the terminal */
static int watcher;

/* Gives the terminal back, however it ends: keys to whoever reads next, and to a line at a time. */
static void restore(void) {
    if (watcher > 0) {
        char name[32];
        snprint(name, sizeof name, "/proc/%d/ctl", watcher);
        const int fd = open(name, OWRITE);
        if (fd >= 0) write(fd, "kill", 4);
    }
    if (control >= 0) write(control, "rawoff", 6);
}

/* Has a child tell when a key asks for the end. */
static void watch_keys(void) {
    const int parent = getpid();
    watcher = fork();
    if (watcher != 0) return;
    char key;
    while (read(0, &key, 1) == 1 && key != 'q' && key != 3 && key != 4) continue;
    postnote(PNPROC, parent, "quit");
    _exits("");
}

/* Whether what it writes is seen at once. */
static int writes_to_console(void) {
    char name[64];
    return fd2path(1, name, sizeof name) == 0 && strstr(name, "cons") != nil;
}

void main(int argc, char* argv[]) {
    int seconds = 2, times = 0;
    ARGBEGIN {
        case 'b':
            batch = 1;
            break;
        case 'd':
            seconds = atoi(EARGF(usage()));
            break;
        case 'n':
            times = atoi(EARGF(usage()));
            break;
        default:
            usage();
    }
    ARGEND
    if (argc > 0 || seconds < 1 || times < 0) usage();
    now = emalloc(kMost * sizeof *now);
    before = emalloc(kMost * sizeof *before);
    Binit(&out, 1, OWRITE);
    const char* const lines = getenv("LINES");
    const int rows = lines != nil && atoi(lines) > 5 ? atoi(lines) : kRows;
    notify(handler);
    if (!writes_to_console()) batch = 1;
    if (!batch) {
        control = open("/dev/consctl", OWRITE);
        if (control >= 0) write(control, "rawon", 5);
        atexit(restore);
        watch_keys();
    }
    show(rows);
    for (int i = 1; !done && (times == 0 || i < times); ++i) {
        sleep(seconds * 1000);
        if (!done) show(rows);
    }
    exits("");
}
