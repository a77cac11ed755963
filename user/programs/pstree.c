// pstree: the processes as the tree of who made whom, from /proc/N/ppid.
#include <bio.h>
#include <libc.h>
#include <procyon.h>

typedef struct Process Process;
struct Process {
    int pid;
    int parent;
    int shown;
    char* text;
    Process* next; /* of those with the same parent */
    Process* child;
};

static Process* processes;
static long count;
static Biobuf out;

static void usage(void) {
    fprint(2, "usage: pstree [pid]\n");
    exits("usage");
}

/* The words of /proc/PID/FILE, in a static buffer. nil: the process is gone. */
static char* words_of(int pid, const char* file) {
    static char text[300];
    char name[32];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    const int fd = open(name, OREAD);
    if (fd < 0) return nil;
    const long size = read(fd, text, sizeof text - 1);
    close(fd);
    if (size < 0) return nil;
    text[size] = '\0';
    return text;
}

/* Control characters become blanks. */
static char* in_one_line(char* text) {
    for (char* at = text; *at != '\0'; ++at) {
        if (iscntrl(*at)) *at = ' ';
    }
    return text;
}

/* What is shown of it: its arguments, or its name, the first word of status. */
static char* text_of(int pid) {
    char* const args = words_of(pid, "args");
    if (args != nil && args[0] != '\0') return in_one_line(estrdup(args));
    char* const status = words_of(pid, "status");
    char* const blank = status == nil ? nil : strchr(status, ' ');
    if (blank == nil) return nil;
    *blank = '\0';
    return estrdup(status);
}

static void add(int pid) {
    char* const parent = words_of(pid, "ppid");
    if (parent == nil) return;
    Process* const it = &processes[count];
    *it = (Process){.pid = pid, .parent = atoi(parent)};
    it->text = text_of(pid);
    if (it->text != nil) ++count;
}

static int compare(const void* a, const void* b) {
    const int x = ((const Process*)a)->pid, y = ((const Process*)b)->pid;
    return (x > y) - (x < y);
}

/* Makes the links, so that children are in the order of their numbers. */
static void link_up(void) {
    for (long i = count - 1; i >= 0; --i) {
        for (long j = 0; j < count; ++j) {
            if (processes[j].pid != processes[i].parent || i == j) continue;
            processes[i].next = processes[j].child;
            processes[j].child = &processes[i];
        }
    }
}

/* A line for it, and for those below it; `lines` is what is drawn before. Who was shown is not again:
 * the numbers were read one after the other, and may make a ring. */
static void show(Process* it, char* lines) {
    if (it->shown) return;
    it->shown = 1;
    const ulong length = strlen(lines);
    Bprint(&out, "%-8d %s%s\n", it->pid, lines, it->text);
    /* What stood for a branch to it goes on as a line, or ends. */
    if (length >= 3) {
        const int last = lines[length - 3] == '`';
        lines[length - 3] = last ? ' ' : '|';
        lines[length - 2] = ' ';
    }
    char* const deeper = smprint("%s|- ", lines);
    if (deeper == nil) sysfatal("out of memory");
    for (Process* child = it->child; child != nil; child = child->next) {
        strcpy(deeper + length, child->next == nil ? "`- " : "|- ");
        show(child, deeper);
    }
    free(deeper);
}

static int number_of(const char* text) {
    char* end;
    const long pid = strtol(text, &end, 10);
    if (*end != '\0' || pid <= 0 || pid > 0x7fffffff) sysfatal("%q is no pid", text);
    return pid;
}

void main(int argc, char* argv[]) {
    ARGBEGIN {
        default:
            usage();
    }
    ARGEND
    if (argc > 1) usage();
    const int root = argc == 1 ? number_of(argv[0]) : 0;
    const int fd = open("/proc", OREAD);
    if (fd < 0) sysfatal("can't open /proc: %r");
    Dir* dirs;
    const long found = dirreadall(fd, &dirs);
    if (found < 0) sysfatal("can't read /proc: %r");
    processes = emalloc((found + 1) * sizeof *processes);
    for (long i = 0; i < found; ++i) {
        if (dirs[i].mode & DMDIR && atoi(dirs[i].name) > 0) add(atoi(dirs[i].name));
    }
    qsort(processes, count, sizeof *processes, compare);
    link_up();
    Binit(&out, 1, OWRITE);
    long shown = 0;
    for (long i = 0; i < count; ++i) {
        Process* const it = &processes[i];
        int has_parent = 0;
        for (long j = 0; j < count; ++j) has_parent |= processes[j].pid == it->parent;
        /* Of all, the trees of those whose maker is not there; and who is in a ring. */
        if (root != 0 ? it->pid != root : has_parent && it->parent != it->pid) continue;
        char lines[1] = "";
        show(it, lines);
        ++shown;
    }
    if (root != 0 && shown == 0) sysfatal("no process %d", root);
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
