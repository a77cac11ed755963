// top: who uses the processors now, again and again, from /proc/N/status and /dev/sysstat.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

enum { kStatus = 176, kColumns = 12, kMost = 1024, kRows = 24, kAgainMs = 100 };
enum { kLongest = 86400, kLeastLines = 6, kMostLines = 1 << 30 };

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
static volatile int done, due;
static int batch, keys_come_at_once, helps;

static void usage(void) {
    fprint(2,
           "usage: top [-b] [-d seconds] [-l lines] [-n times]\n"
           "\t-b one list after the other, for files and pipes\n"
           "\t-d seconds from list to list: 1 to 86400, 2 if nobody says\n"
           "\t-l lines of the screen, from 6: what $LINES says, or 24, if nobody says; with -b all\n"
           "\t-n end after so many lists\n"
           "keys: q ends it, h or ? tells the keys, any other shows a new list at once\n");
    exits("usage");
}

/* Ends the wait for time or a key. A note that comes before the call that waits ends nothing, so an alarm follows. */
static void handler(void* registers, char* note) {
    USED(registers);
    if (strcmp(note, "alarm") == 0)
        due = 1;
    else
        done = 1;
    alarm(kAgainMs);
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

/* Which keys work, where somebody asked or cannot know. */
static int put_keys(void) {
    if (batch || (keys_come_at_once && !helps)) return 0;
    Bprint(&out, "%s\n",
           keys_come_at_once ? "q ends, h or ? hides this line, any other key shows a new list"
                             : "q and Enter end it, Enter alone shows a new list");
    return 1;
}

static void show(long rows) {
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
    Bprint(&out, "%ld process%s, %d running or ready\n", now_count, now_count == 1 ? "" : "es", running);
    put_harts();
    const long left = rows - 4 - put_keys();
    Bprint(&out, "%8s %-10s %3s %-9s %6s %9s %8s %s\n", "PID", "USER", "PRI", "STATE", "%CPU", "TIME", "SIZE", "NAME");
    for (long i = 0; i < now_count && i < left; ++i) {
        const Process* const it = &now[i];
        Bprint(&out, "%8d %-10.10s %3d %-9.9s %4d.%d %5lld:%.2lld %7lldK %s\n", it->pid, it->user, it->priority, it->state,
               it->share / 10, it->share % 10, it->used / 60000, it->used / 1000 % 60, it->size, it->name);
    }
    if (Bflush(&out) < 0) sysfatal("write error: %r");
}

static int control = -1; /* of the terminal */

/* Gives the terminal back, however it ends: to a line at a time. */
static void restore(void) {
    if (control >= 0) write(control, "rawoff", 6);
}

static int is_console(int fd) {
    char name[64];
    return fd2path(fd, name, sizeof name) == 0 && strstr(name, "cons") != nil;
}

/* Each key comes as it is typed, if the terminal is ours to change. */
static void take_keys(void) {
    control = open("/dev/consctl", OWRITE);
    keys_come_at_once = control >= 0 && write(control, "rawon", 5) == 5;
    if (keys_come_at_once) atexit(restore);
}

static void obey(char key) {
    if (key == 'q' || key == 3 || key == 4) done = 1;
    helps ^= keys_come_at_once && (key == 'h' || key == '?');
    due |= keys_come_at_once || key == '\n';
}

/* Until so much time has passed, or a key asks for something. Without keys only time passes. */
static void wait_for_time_or_key(long millis) {
    static int no_keys;
    due = 0;
    alarm(millis);
    while (!due && !done) {
        if (batch || no_keys) {
            sleep(millis);
            continue;
        }
        char key;
        const long count = read(0, &key, 1);
        if (count > 0)
            obey(key);
        else if (count == 0 && is_console(0))
            done = 1;
        else
            no_keys = !due && !done; /* no note ended it */
    }
    alarm(0);
}

/* The number behind an option. */
static long number(char option, const char* text, long least, long most) {
    char* end;
    const long value = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && value >= least && value <= most) return value;
    fprint(2, "top: -%c %q: %ld to %ld are possible\n", option, text, least, most);
    exits("usage");
}

static long lines_of_screen(void) {
    const char* const lines = getenv("LINES");
    return lines != nil && atoi(lines) >= kLeastLines ? atoi(lines) : kRows;
}

void main(int argc, char* argv[]) {
    long seconds = 2, times = 0, rows = 0;
    ARGBEGIN {
        case 'b':
            batch = 1;
            break;
        case 'd':
            seconds = number('d', EARGF(usage()), 1, kLongest);
            break;
        case 'l':
            rows = number('l', EARGF(usage()), kLeastLines, kMostLines);
            break;
        case 'n':
            times = number('n', EARGF(usage()), 0, kMostLines);
            break;
        default:
            usage();
    }
    ARGEND
    if (argc > 0) usage();
    now = emalloc(kMost * sizeof *now);
    before = emalloc(kMost * sizeof *before);
    Binit(&out, 1, OWRITE);
    notify(handler);
    if (!is_console(1)) batch = 1;
    if (rows == 0) rows = batch ? kMostLines : lines_of_screen();
    if (!batch) take_keys();
    show(rows);
    for (long i = 1; !done && (times == 0 || i < times); ++i) {
        wait_for_time_or_key(seconds * 1000);
        if (!done) show(rows);
    }
    exits("");
}
