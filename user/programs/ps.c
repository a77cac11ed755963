// ps: the processes, as their status files tell.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

enum { kStatus = 176, kColumns = 12 };

static int show_priorities, show_args, show_real, show_groups;
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: ps [-apnr]\n");
    exits("usage");
}

// Reads /proc/PID/FILE. -1: the process is gone.
static long read_file(int pid, const char* file, char* text, long room) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    const int fd = open(name, OREAD);
    if (fd < 0) return -1;
    const long size = read(fd, text, room - 1);
    close(fd);
    if (size >= 0) text[size] = '\0';
    return size;
}

static void put_time(ulong millis, int width) {
    Bprint(&out, " %*ud:%.2ud", width, millis / 60000, millis / 1000 % 60);
}

// Control characters become blanks: a process is a line.
static char* in_one_line(char* text) {
    for (char* at = text; *at != '\0'; ++at) {
        if (iscntrl(*at)) *at = ' ';
    }
    return text;
}

static void show(int pid) {
    char status[kStatus + 64], args[256], group[32];
    char* word[kColumns];
    if (read_file(pid, "status", status, sizeof status) < 0) return;
    if (getfields(status, word, kColumns, 1, " \t\n") < kColumns) return;
    Bprint(&out, "%-10s %8d", word[1], pid);
    if (show_groups && read_file(pid, "noteid", group, sizeof group) > 0)
        Bprint(&out, " %8d", atoi(group));
    if (show_real) put_time(atoll(word[5]), 4);
    put_time(atoll(word[3]), 4);
    put_time(atoll(word[4]), 3);
    if (show_priorities) Bprint(&out, " %2d %2d", atoi(word[10]), atoi(word[11]));
    Bprint(&out, " %7lldK %-8.8s ", atoll(word[9]), word[2]);
    const int renamed = show_args && read_file(pid, "args", args, sizeof args) > 0;
    Bprint(&out, "%s\n", renamed ? in_one_line(args) : word[0]);
}

static int compare(const void* a, const void* b) {
    const int x = *(const int*)a, y = *(const int*)b;
    return (x > y) - (x < y);
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        case 'a':
            show_args = 1;
            break;
        case 'p':
            show_priorities = 1;
            break;
        case 'n':
            show_groups = 1;
            break;
        case 'r':
            show_real = 1;
            break;
        default:
            usage();
    }
    ARGEND
    if (argc > 0) usage();
    const int fd = open("/proc", OREAD);
    if (fd < 0) sysfatal("can't open /proc: %r");
    Dir* dirs;
    const long found = dirreadall(fd, &dirs);
    if (found < 0) sysfatal("can't read /proc: %r");
    int* pids = emalloc(found * sizeof *pids + 1);
    long count = 0;
    for (long i = 0; i < found; ++i) {
        if (dirs[i].mode & DMDIR && atoi(dirs[i].name) > 0) pids[count++] = atoi(dirs[i].name);
    }
    qsort(pids, count, sizeof *pids, compare);
    Binit(&out, 1, OWRITE);
    for (long i = 0; i < count; ++i) show(pids[i]);
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
