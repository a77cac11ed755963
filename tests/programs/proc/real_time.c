// A process in real time runs its cost in each of its periods and no more, waits for the next, and gives its share back when
// it is expelled, killed or at its end; forks have none, the next program keeps it.
#include "../check.h"

typedef struct Event Event;
struct Event {
    u32int pid;
    u32int type;
    vlong time;
};

enum { kAdmit, kRelease, kEdf, kDeadline = 8, kExpel = 9, kLost = 14, kMost = 2048 };

static Event events[kMost];
static volatile int* seen;

/* What info says behind `name`. */
static char* info(int pid, const char* name) {
    static char text[2048];
    const int fd = process_file(pid, "info", OREAD);
    CHECK(fd >= 0);
    const long n = read(fd, text, sizeof text - 1);
    CHECK(n > 0);
    text[n] = '\0';
    close(fd);
    char* line = strstr(text, name);
    CHECK(line != nil);
    line += strlen(name);
    *strchr(line, '\n') = '\0';
    return line;
}

static char* share_of(int pid) { return info(pid, "\nrealtime "); }

static void asks(int pid, const char* period, const char* cost) {
    char message[100];
    snprint(message, sizeof message, "period %s", period);
    CHECK(control(pid, message) >= 0);
    snprint(message, sizeof message, "cost %s", cost);
    CHECK(control(pid, message) >= 0);
}

static void spins(void) {
    for (;;) ++*seen;
}

static void sleeps(void) {
    for (;;) sleep(1000);
}

/* Each time it has used its cost up it runs as real time again in its next period only; what is left of a call it ends as others
   do. */
static void costs_are_kept(void) {
    const int trace = open("/proc/trace", OREAD);
    CHECK(trace >= 0);
    const int pid = child(spins);
    CHECK(control(pid, "trace 1") >= 0);
    asks(pid, "20ms", "2ms");
    CHECK(control(pid, "admit") >= 0);
    CHECK(strcmp(share_of(pid), "1 20000000 0 2000000") == 0);
    EVENTUALLY(strcmp(state_of(pid), "Waitrelease") == 0);
    const int before = *seen;
    EVENTUALLY(*seen != before);
    EVENTUALLY(strcmp(state_of(pid), "Waitrelease") == 0);
    CHECK(control(pid, "expel") >= 0);
    CHECK(strcmp(share_of(pid), "0 20000000 0 2000000") == 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
    int admitted = 0, periods = 0, expelled = 0, used_up = 0, lost = 0;
    long n;
    while ((n = read(trace, events, sizeof events) / (long)sizeof(Event)) > 0) {
        for (long i = 0; i < n; ++i) {
            switch (events[i].type) {
                case kAdmit: admitted = 1; break;
                case kExpel: expelled = 1; break;
                case kRelease: ++periods, used_up = 0; break;
                case kDeadline: used_up = 1; break;
                case kEdf: CHECK(lost || (admitted && !expelled && !used_up)); break;
                case kLost: lost = 1; break;
            }
        }
    }
    close(trace);
    CHECK(lost || (admitted && expelled && periods >= 1));
}

static void who_waits_can_be_killed(void) {
    const int pid = child(spins);
    asks(pid, "1000s", "1ms");
    CHECK(control(pid, "admit") >= 0);
    EVENTUALLY(strcmp(state_of(pid), "Waitrelease") == 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
}

/* As many get nine tenths of a hart as there are harts, and again when they have ended. */
static void harts_are_shared_out(void) {
    char line[1000];
    const int fd = open("/dev/sysstat", OREAD);
    const long n = read(fd, line, sizeof line);
    close(fd);
    int harts = 0;
    for (long i = 0; i < n; ++i) harts += line[i] == '\n';
    for (int round = 0; round < 2; ++round) {
        int pids[9];
        CHECK(harts >= 1 && harts < (int)nelem(pids));
        for (int i = 0; i <= harts; ++i) {
            pids[i] = child(sleeps);
            asks(pids[i], "10ms", "9ms");
            if (i < harts) {
                CHECK(control(pids[i], "admit") >= 0);
            } else {
                FAILS(control(pids[i], "admit"), "not schedulable");
            }
        }
        FAILS(control(pids[0], "wired 0"), "task state");
        for (int i = 0; i <= harts; ++i) CHECK(control(pids[i], i == 0 ? "interrupt" : "kill") >= 0);
        for (int i = 1; i <= harts; ++i) ENDS(pids[i], "Killed");
        CHECK(control(pids[0], "kill") >= 0);
        ENDS(pids[0], "Killed");
    }
}

static void executes(void) {
    char harts[40];
    snprint(harts, sizeof harts, "%s", info(getpid(), "\nwired "));
    asks(getpid(), "10ms", "1ms");
    CHECK(control(getpid(), "admit") >= 0);
    const int fork_of_it = child(sleeps);
    CHECK(strcmp(share_of(fork_of_it), "0 0 0 0") == 0);
    CHECK(strcmp(info(fork_of_it, "\nwired "), harts) == 0);
    CHECK(control(fork_of_it, "kill") >= 0);
    ENDS(fork_of_it, "Killed");
    char* words[] = {"sleep", "1000", nil};
    exec("/bin/sleep", words);
    fail("exec: %r");
}

static void exec_keeps_it(void) {
    char name[28];
    const int pid = child(executes);
    EVENTUALLY(({
        const int fd = process_file(pid, "status", OREAD);
        CHECK(fd >= 0 && read(fd, name, 5) == 5);
        close(fd);
        strncmp(name, "sleep", 5) == 0;
    }));
    CHECK(strcmp(share_of(pid), "1 10000000 0 1000000") == 0);
    CHECK(control(pid, "kill") >= 0);
    ENDS(pid, "Killed");
}

/* Who sleeps no time has done its work of this period. */
static void works(void) {
    asks(getpid(), "5ms", "1ms");
    CHECK(control(getpid(), "admit") >= 0);
    for (int i = 0; i < 5; ++i) sleep(0);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    seen = shared_memory(4096);
    FAILS(control(getpid(), "admit"), "edf params");
    costs_are_kept();
    who_waits_can_be_killed();
    harts_are_shared_out();
    exec_keeps_it();
    const vlong before = nsec();
    DIES(works, "");
    CHECK(nsec() - before >= 25000000LL);  // each waited for the next period to begin
    exits("");
}
