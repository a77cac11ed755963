// straceall: children belong to the trace of their maker; whoever leaves it goes on untold; a reader that
// goes leaves everybody running, and who reads of himself reads of others only.
#include <bio.h>

#include "../check.h"

static int* shared;

static void grandchild(void) { _exits("grandchild"); }

static void family(void) {
    ENDS(child(grandchild), "grandchild");
    control(getpid(), "straceoff");
    getpid();
    _exits("family");
}

/* Calls without end, counted. */
static void busy(void) {
    for (;;) {
        sleep(0);
        ++*shared;
    }
}

static int begin(void (*body)(void)) {
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid == 0) body();
    CHECK(pid > 0);
    SAME(control(pid, "waitstop"), 0);
    SAME(control(pid, "straceall"), 0);
    return pid;
}

static void tell_of_family(void) {
    static Biobuf records;
    const int pid = begin(family);
    const int fd = process_file(pid, "strace", OREAD);
    CHECK(fd >= 0);
    SAME(control(pid, "start"), 0);
    Binit(&records, fd, OREAD);
    int begins = 0, ends = 0, others = 0, last = 0, exited = 0;
    for (char* line; (line = Brdline(&records, '\n')) != nil;) {
        line[Blinelen(&records) - 1] = '\0';
        const int number = atoi(line + 2);
        if (line[0] == 'E') {
            // One number after the other.
            SAME(number, last + 1);
            last = number;
            ++begins;
            if (strstr(line, " exits(") != nil) ++exited;
        } else if (line[0] == 'X') {
            ++ends;
        } else {
            char end[64];
            snprint(end, sizeof end, "traced %d dropped 0", begins);
            if (strcmp(line, end) != 0) fail("not %s: %s", end, line);
            ++others;
        }
        char* at = line;
        for (int i = 0; i < 3 && at != nil; ++i) at = strchr(at + 1, ' ');
        if (line[0] != 't' && atoi(at) != pid) ++others;
    }
    close(fd);
    // The child's calls are there, its last among them, and the straceoff, which did not end in the trace.
    CHECK(others > 1);
    SAME(exited, 1);
    SAME(begins - ends, 2);
    ENDS(pid, "family");
}

/* One whose calls nobody reads, so that it waits for room once the trace is full. */
static int begin_stuck(int* fd, vlong* calls) {
    *shared = 0;
    const int pid = begin(busy);
    *fd = process_file(pid, "strace", OREAD);
    CHECK(*fd >= 0);
    SAME(control(pid, "start"), 0);
    EVENTUALLY(*shared > 0);
    vlong seen = -1;
    for (int same = 0; same < 50; sleep(1)) {
        same = *shared == seen && strcmp(state_of(pid), "Wakeme") == 0 ? same + 1 : 0;
        seen = *shared;
    }
    *calls = seen;
    return pid;
}

/* What takes it out of the trace lets it go on, and nothing of it is told any more. */
static void let_go(const char* message) {
    char line[600], ctl[32];
    Dir dir;
    int fd;
    vlong seen;
    const int pid = begin_stuck(&fd, &seen);
    if (message != nil) {
        SAME(control(pid, message), 0);
    } else {
        snprint(ctl, sizeof ctl, "/proc/%d/ctl", pid);
        nulldir(&dir);
        dir.uid = "none";
        SAME(dirwstat(ctl, &dir), 0);
        FAILS(process_file(pid, "strace", OREAD), "tracing not enabled: '*");
        FAILS(process_file(pid, "straceset", OREAD) < 0 ? -1 : read(process_file(pid, "straceset", OREAD), line, 9), "tracing not enabled*");
    }
    EVENTUALLY(*shared > seen + 10);
    vlong begins = 0, dropped = 0, traced = -1;
    for (long n; (n = read(fd, line, sizeof line - 1)) > 0;) {
        CHECK(traced < 0);
        line[n] = '\0';
        if (line[0] == 'E') ++begins;
        if (line[0] == 'D') dropped += atoi(line + 2);
        if (line[0] == 't') traced = atoi(line + 7);
    }
    SAME(traced, begins + dropped);
    close(fd);
    if (message == nil) {
        dir.uid = "eve";
        SAME(dirwstat(ctl, &dir), 0);
    }
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed*");
}

static void lose_the_reader(void) {
    int fd;
    vlong seen;
    const int pid = begin_stuck(&fd, &seen);
    close(fd);
    EVENTUALLY(*shared > seen + 10);
    FAILS(process_file(pid, "strace", OREAD), "tracing not enabled: '*");
    // A new one may begin; without a reader it stands in nobody's way.
    SAME(control(pid, "straceme"), 0);
    seen = *shared;
    EVENTUALLY(*shared > seen + 1000);
    SAME(control(pid, "straceoff"), 0);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed*");
}

static void count_dropped(void) {
    static Biobuf records;
    *shared = 0;
    const int pid = begin(busy);
    SAME(control(pid, "strace_drop on"), 0);
    const int fd = process_file(pid, "strace", OREAD);
    SAME(control(pid, "start"), 0);
    EVENTUALLY(*shared > 2000);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed*");
    Binit(&records, fd, OREAD);
    int begins = 0, dropped = 0, traced = -1, lost = -1;
    for (char* line; (line = Brdline(&records, '\n')) != nil;) {
        line[Blinelen(&records) - 1] = '\0';
        if (line[0] == 'E') ++begins;
        if (line[0] == 'D') dropped += atoi(line + 2);
        if (line[0] == 'E') CHECK(atoi(line + 2) == begins + dropped);
        if (line[0] != 't') continue;
        traced = atoi(line + 7);
        lost = atoi(strstr(line, "dropped") + 8);
    }
    CHECK(dropped > 0);
    SAME(lost, dropped);
    SAME(traced, begins + dropped);
    // A call that was interrupted by the kill may not have come to count.
    CHECK(traced == *shared || traced == *shared + 1);
    close(fd);
}

static void read_of_oneself(void) {
    char line[600];
    const int self = getpid();
    SAME(control(self, "straceall"), 0);
    const int fd = process_file(self, "strace", OREAD);
    CHECK(fd >= 0);
    const int pid = fork();
    if (pid == 0) {
        getpid();
        _exits("");
    }
    CHECK(pid > 0);
    const long n = read(fd, line, sizeof line - 1);
    CHECK(n > 0);
    line[n] = '\0';
    char* at = line;
    for (int i = 0; i < 3 && at != nil; ++i) at = strchr(at + 1, ' ');
    SAME(atoi(at), pid);
    close(fd);
    ENDS(pid, "");
}

/* Nobody is told what is hidden from him. */
static void hide(void) {
    char text[64];
    const int pid = begin(busy);
    const int fd = process_file(pid, "strace", OREAD);
    SAME(control(pid, "private"), 0);
    SAME(control(pid, "start"), 0);
    SAME(read(fd, text, sizeof text), 19);
    CHECK(strncmp(text, "traced 0 dropped 0", 18) == 0);
    FAILS(control(pid, "straceme"), "permission denied*");
    close(fd);
    SAME(control(pid, "kill"), 0);
    ENDS(pid, "Killed*");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    shared = shared_memory(sizeof *shared);
    tell_of_family();
    lose_the_reader();
    let_go("straceoff");
    let_go("private");
    let_go(nil);
    count_dropped();
    read_of_oneself();
    hide();
    exits("");
}
