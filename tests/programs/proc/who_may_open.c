// Which files of a process whom it lets open for reading, writing and both: the table, printed, of four kinds of users and
// three modes, as proc-files 1.2 and 1.3 say; of a private process; and the files of all.
#include "../check.h"

typedef struct Row Row;
struct Row {
    char* file;
    char* initially; /* owner, eve, others, none; by spaces: r, w, b both, - */
    char* open;      /* after chmod 666 */
    char* closed;    /* after chmod 0 */
    int secret;      /* what nobody may of a private process */
};

/* none may open only what is its own, but what is not a process's matter. */
static Row rows[] = {
    {"args", "rwb rwb - -", "rwb rwb r -", "rwb rwb - -", 0},
    {"children", "r r r -", "r r r -", "r r r -", 0},
    {"core", "r r - -", "r r r -", "r - - -", 1},
    {"ctl", "rwb r - -", "rwb rwb rwb -", "- - - -", 0},
    {"cwd", "r r r -", "r r r -", "r r r -", 0},
    {"fd", "r r r -", "r r r -", "r r r -", 0},
    {"fpregs", "rwb r - -", "rwb rwb rwb -", "- - - -", 1},
    {"info", "r r r -", "r r r -", "r r r -", 0},
    {"io", "r r - -", "r r r -", "r - - -", 1},
    {"kregs", "- r - -", "- r - -", "- - - -", 0},
    {"limits", "r r r -", "r r r -", "r r r -", 0},
    {"maps", "r r r -", "r r r -", "r r r -", 0},
    {"mem", "rwb r - -", "rwb rwb rwb -", "- - - -", 1},
    {"note", "rwb r - -", "rwb rwb rwb -", "- - - -", 0},
    {"noteid", "rwb rwb r -", "rwb rwb r -", "rwb rwb r -", 0},
    {"notepg", "w - - -", "w w w -", "- - - -", 0},
    {"ns", "r r r -", "r r r -", "r r r -", 0},
    {"ppid", "r r r -", "r r r -", "r r r -", 0},
    {"proc", "- r - -", "- r - -", "- - - -", 0},
    {"profile", "r r - -", "r r r -", "r - - -", 1},
    {"regs", "rwb r - -", "rwb rwb rwb -", "- - - -", 1},
    {"segment", "r r r -", "r r r -", "r r r -", 0},
    {"stack", "- r - -", "- r - -", "- - - -", 0},
    {"status", "r r r -", "r r r -", "r r r -", 0},
    {"strace", "rwb r - -", "rwb rwb - -", "- - - -", 1},
    {"straceset", "rwb r - -", "rwb rwb rwb -", "- - - -", 1},
    {"syscall", "r r - -", "r r r -", "r - - -", 1},
    {"text", "r r r -", "r r r -", "r r r -", 0},
    {"threads", "r r r -", "r r r -", "r r r -", 0},
    {"traps", "r r r -", "r r r -", "r r r -", 0},
    {"user", "r r r -", "r r r -", "r r r -", 0},
    {"wait", "r r - -", "r r r -", "r - - -", 0},
    {"watchpt", "rwb r - -", "rwb r r -", "rwb - - -", 1},
    {"wchan", "r r r -", "r r r -", "r r r -", 0},
};
/* Those of all are eve's. */
static struct {
    char* file;
    char* open;
} root_rows[] = {
    {"trace", "- r - -"},   {"ctl", "r rwb r r"},       {"help", "r r r r"},
    {"stats", "r r r r"},   {"tracepids", "r r r r"},   {".", "r r r r"},
};
enum { kRows = nelem(rows), kRootRows = nelem(root_rows), kUsers = 4 };

static char* users[kUsers] = {"glenda", "eve", "bob", "none"};
static int target; /* 0: the files of all */
static int target_ctl;
static char (*seen)[kUsers][4]; /* what each may, shared by all */
static volatile int* ready;

static void waits_as_glenda(void) {
    become_user("glenda");
    *ready = 1;
    for (;;) sleep(1000);
}

/* What `file` says to this user, into `at`. */
static void try_file(const char* file, char* at) {
    static const int modes[] = {OREAD, OWRITE, ORDWR};
    char* const first = at;
    char name[40], why[ERRMAX];
    if (target == 0) {
        snprint(name, sizeof name, "/proc/%s", file);
    } else {
        snprint(name, sizeof name, "/proc/%d/%s", target, file);
    }
    for (int mode = 0; mode < 3; ++mode) {
        // Who closes a trace has ended it.
        if (target_ctl >= 0 && strncmp(file, "strace", 6) == 0) {
            write(target_ctl, "straceoff", 9);
            write(target_ctl, "straceme", 8);
        }
        const int fd = open(name, modes[mode]);
        if (fd >= 0) {
            *at++ = "rwb"[mode];
            close(fd);
            continue;
        }
        rerrstr(why, sizeof why);
        if (strncmp(why, "permission denied: ", 19) != 0) fail("%s: %s", file, why);
    }
    if (at == first) *at++ = '-';
    *at = '\0';
}

/* The answers of one user, in a process of his. */
static void look(int user) {
    const int pid = fork();
    CHECK(pid >= 0);
    if (pid != 0) {
        ENDS(pid, "");
        return;
    }
    become_user(users[user]);
    const int count = target == 0 ? kRootRows : kRows;
    for (int i = 0; i < count; ++i) try_file(target == 0 ? root_rows[i].file : rows[i].file, seen[i][user]);
    exits("");
}

static void chmod_target(int mode) {
    char name[40];
    Dir d;
    nulldir(&d);
    d.mode = mode;
    snprint(name, sizeof name, "/proc/%d/ctl", target);
    CHECK(dirwstat(name, &d) >= 0);
}

enum { kInitially, kOpen, kClosed, kPrivate, kRoot };
static char* titles[] = {"mode 640", "mode 666", "mode 0", "private", "of all"};

static char* expected_of(int row, int column) {
    switch (column) {
        case kOpen: return rows[row].open;
        case kClosed: return rows[row].closed;
        case kPrivate: return rows[row].secret ? "- - - -" : rows[row].initially;
        case kRoot: return root_rows[row].open;
        default: return rows[row].initially;
    }
}

static void compare(int column) {
    char wrong[64] = ""; /* the first that is */
    for (int user = 0; user < kUsers; ++user) look(user);
    print("%-10s %-8s %-8s %-8s %-8s\n", titles[column], users[0], users[1], users[2], users[3]);
    for (int i = 0; i < (column == kRoot ? kRootRows : kRows); ++i) {
        char line[40];
        snprint(line, sizeof line, "%s %s %s %s", seen[i][0], seen[i][1], seen[i][2], seen[i][3]);
        const int same = strcmp(line, expected_of(i, column)) == 0;
        char* const file = column == kRoot ? root_rows[i].file : rows[i].file;
        print("%-10s %-8s %-8s %-8s %-8s%s\n", file, seen[i][0], seen[i][1], seen[i][2],
              seen[i][3], same ? "" : "  <- wrong");
        if (!same && wrong[0] == '\0') snprint(wrong, sizeof wrong, "%s of %s: %s", file, titles[column], line);
    }
    if (wrong[0] != '\0') fail("%s", wrong);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const memory = shared_memory(8192);
    ready = (int*)memory;
    seen = (void*)(memory + 4096);
    target = child(waits_as_glenda);
    EVENTUALLY(*ready);
    Dir* files;
    char name[40];
    snprint(name, sizeof name, "/proc/%d", target);
    const int fd = open(name, OREAD);
    SAME(dirreadall(fd, &files), kRows);
    close(fd);
    // What is open stays so: who looks makes traces through it.
    chmod_target(0666);
    target_ctl = process_file(target, "ctl", OWRITE);
    CHECK(target_ctl >= 0);
    chmod_target(0640);
    // There is a core only of one that is stopped.
    SAME(write(target_ctl, "stop", 4), 4);
    compare(kInitially);
    chmod_target(0666);
    compare(kOpen);
    chmod_target(0);
    compare(kClosed);
    chmod_target(0640);
    SAME(write(target_ctl, "private", 7), 7);
    compare(kPrivate);
    SAME(write(target_ctl, "kill", 4), 4);
    ENDS(target, "Killed");
    close(target_ctl);
    target_ctl = -1;
    target = 0;
    compare(kRoot);
    exits("");
}
