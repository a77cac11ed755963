// What each control message answers to a process in each state that a program can bring one into: a table, printed, held against
// what it is to be.
#include "../check.h"

/* What a message answers: ok; C a bad control request; X process exited; N it is not traced; E it has not said what it needs; T its
   state is wrong for that; W it waits, until it is interrupted. The columns are `states`. */
static struct {
    char* message;
    char* answers;
} rows[] = {
    /*             run  call meet stop exec trac new  brok fork rt   zomb gone */
    {"admit",         "E  E  E  E  E  E  E  T  E  T  X  X"},
    {"close 3",       "ok ok ok ok ok ok ok X  ok ok X  X"},
    {"closefiles",    "ok ok ok ok ok ok ok X  ok ok X  X"},
    {"cost 1ms",      "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"deadline 1ms",  "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"deadlinenotes", "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"event",         "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"expel",         "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"extra",         "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"fixedpri 3",    "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"hang",          "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"interrupt",     "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"kill",          "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"nohang",        "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"nointerrupt",   "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"noswap",        "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"period 1ms",    "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"pri 3",         "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"private",       "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"profile",       "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"sporadic",      "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"start",         "C  C  C  ok ok ok ok C  C  C  X  X"},
    {"startstop",     "C  C  C  W  W  W  W  C  C  C  X  X"},
    {"startsyscall",  "C  C  C  ok ok ok ok C  C  C  X  X"},
    {"stop",          "ok ok ok ok ok ok ok ok W  W  X  X"},
    {"strace_drop on","N  N  N  N  N  N  N  N  N  N  X  X"},
    {"straceall",     "ok ok ok ok ok ok ok X  ok ok X  X"},
    {"straceme",      "ok ok ok ok ok ok ok X  ok ok X  X"},
    {"straceoff",     "N  N  N  N  N  N  N  N  N  N  X  X"},
    {"trace 0",       "ok ok ok ok ok ok ok ok ok ok X  X"},
    {"waitstop",      "W  W  W  ok ok ok ok ok W  W  X  X"},
    {"wired 0",       "ok ok ok ok ok ok ok ok ok T  X  X"},
};

static struct {
    char* code;
    char* text;
} codes[] = {
    {"C", "bad process or channel control request"},
    {"X", "process exited"},
    {"N", "tracing not enabled"},
    {"E", "edf params"},
    {"T", "task state"},
    {"W", "interrupted"},
};

enum { kRows = nelem(rows) };

/* Of a column, which is its own process: all are tried at once. */
static struct Column {
    volatile int counts; /* while a child runs */
    volatile int grandchild;
    char answers[kRows][ERRMAX];
}* mine;

static void runs(void) {
    // Behind who looks at it.
    SAME(control(getpid(), "pri 0"), 0);
    for (;;) ++mine->counts;
}
static void sleeps(void) {
    for (;;) sleep(1000);
}
static void naps(void) {
    for (;;) sleep(1);
}
static void meets(void) {
    for (;;) rendezvous((void*)1, nil);
}
static void executes(void) {
    SAME(control(getpid(), "hang"), 0);
    exec("/bin/sleep", (char*[]){"sleep", "1000", nil});
    fail("exec: %r");
}
static void breaks(void) {
    asm volatile("ebreak");
}
static void forks(void) {
    if (rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT | RFNOWAIT) == 0) {
        mine->grandchild = getpid();
        sleeps();
    }
}

enum { kRunning, kSleeping, kMeeting, kStopped, kExecuted, kTraced, kCreated, kBroken, kForking, kRealTime, kEnded, kGone };
/* What a child does, and the state that is waited for, before more is done with it. */
static struct {
    char* name;
    void (*body)(void);
    char* state;
} states[] = {
    {"running", runs, "Running"},       {"sleeping", sleeps, "Sleep"},     {"meeting", meets, "Rendez"},
    {"stopped", sleeps, "Sleep"},       {"executed", executes, "Stopped"}, {"in a call", naps, "Sleep"},
    {"created", sleeps, "Created"},     {"broken", breaks, "Broken"},      {"forking", forks, "Rfork"},
    {"real time", runs, "Waitrelease"}, {"ended", sleeps, "Sleep"},        {"gone", sleeps, "Sleep"},
};
enum { kStates = nelem(states) };

/* Whether it runs, which its state says only while a hart has it. */
static int counts_on(void) {
    const int before = mine->counts;
    EVENTUALLY(mine->counts != before);
    return 1;
}

/* A child in this state, and its ctl. */
static int make(int state, int* ctl) {
    char name[32];
    const int pid = rfork(RFPROC | RFFDG | (state == kCreated ? RFSTOP : 0));
    if (pid == 0) {
        states[state].body();
        _exits("");
    }
    CHECK(pid > 0);
    *ctl = process_file(pid, "ctl", OWRITE);
    CHECK(*ctl >= 0);
    if (state == kRealTime) {
        SAME(control(pid, "period 1000s"), 0);
        SAME(control(pid, "cost 1ms"), 0);
        SAME(control(pid, "admit"), 0);
    }
    if (state == kRunning) {
        CHECK(counts_on());
    } else {
        EVENTUALLY(strcmp(state_of(pid), states[state].state) == 0);
    }
    switch (state) {
        case kCreated:
            SAME(control(pid, "waitstop"), 0);
            break;
        case kTraced:
            SAME(control(pid, "stop"), 0);
            SAME(control(pid, "startsyscall"), 0);
            break;
        case kStopped:
            SAME(control(pid, "stop"), 0);
            break;
        case kForking:
            EVENTUALLY(mine->grandchild != 0);
            break;
        case kEnded:
        case kGone:
            SAME(control(pid, "kill"), 0);
            snprint(name, sizeof name, "/proc/%d", pid);
            EVENTUALLY(access(name, AEXIST) < 0);
            if (state == kGone) ENDS(pid, "Killed");
            break;
    }
    return pid;
}

/* Ends it and what it made. */
static void end(int state, int pid) {
    if (state == kGone) return;
    char name[32];
    if (state != kEnded) control(pid, "kill");  // may be at its end
    ENDS(pid, state == kBroken ? "sys: breakpoint*" : "Killed");
    snprint(name, sizeof name, "/proc/%d", pid);
    EVENTUALLY(access(name, AEXIST) < 0);
    const int grandchild = mine->grandchild;
    if (state == kForking) {
        SAME(control(grandchild, "kill"), 0);
        snprint(name, sizeof name, "/proc/%d", grandchild);
        EVENTUALLY(access(name, AEXIST) < 0);
        mine->grandchild = 0;
    }
}

static const char* code_of_error(void) {
    static char why[ERRMAX];
    rerrstr(why, sizeof why);
    for (usize i = 0; i < nelem(codes); ++i) {
        if (strncmp(why, codes[i].text, strlen(codes[i].text)) == 0) return codes[i].code;
    }
    return why;
}

static const char* write_message(int ctl, const char* message) {
    const long size = strlen(message);
    return write(ctl, message, size) == size ? "ok" : code_of_error();
}

/* The same by another, who is interrupted when he waits for so many looks. */
static void write_and_wait(int ctl, const char* message, int patience, char* answer) {
    const int writer = fork();
    CHECK(writer >= 0);
    if (writer == 0) {
        snprint(answer, ERRMAX, "%s", write_message(ctl, message));
        _exits("");
    }
    int looks = 0;
    while (looks < patience && state_of(writer)[0] != '\0') {
        looks = strcmp(state_of(writer), "Stopwait") == 0 ? looks + 1 : 0;
        sleep(1);
    }
    control(writer, "interrupt");  // may be at its end
    ENDS(writer, "");
}

/* Whether it is one that waits for the process to stop. */
static int waits(const char* message) {
    return strncmp(message, "start", 5) == 0 || strncmp(message, "stop", 4) == 0 || strcmp(message, "waitstop") == 0;
}

/* What is to be answered. */
static char* wanted(int row, int state) {
    static char answer[3];
    const char* const at = rows[row].answers + 3 * state;
    snprint(answer, sizeof answer, "%.*s", (int)strcspn(at, " "), at);
    return answer;
}

static void try_state(int state) {
    for (int i = 0; i < kRows; ++i) {
        int ctl;
        const int pid = make(state, &ctl);
        char* const message = rows[i].message;
        if (waits(message)) {
            write_and_wait(ctl, message, strcmp(wanted(i, state), "W") == 0 ? 20 : 10000, mine->answers[i]);
        } else {
            snprint(mine->answers[i], ERRMAX, "%s", write_message(ctl, message));
        }
        close(ctl);
        end(state, pid);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[kStates];
    char wrong[ERRMAX] = ""; /* the first that is */
    struct Column* const columns = shared_memory(kStates * sizeof *columns);
    for (int state = 0; state < kStates; ++state) {
        pids[state] = fork();
        CHECK(pids[state] >= 0);
        if (pids[state] != 0) continue;
        mine = &columns[state];
        try_state(state);
        _exits("");
    }
    for (int state = 0; state < kStates; ++state) ENDS(pids[state], "");
    print("%-15s", "");
    for (int state = 0; state < kStates; ++state) print("%-12s", states[state].name);
    for (int i = 0; i < kRows; ++i) {
        print("\n%-15s", rows[i].message);
        for (int state = 0; state < kStates; ++state) {
            char* const answer = columns[state].answers[i];
            const int same = strcmp(answer, wanted(i, state)) == 0;
            print("%-12s", answer);
            if (!same) print(" <- not %s  ", wanted(i, state));
            if (!same && wrong[0] == '\0') snprint(wrong, sizeof wrong, "%s to one %s: %s", rows[i].message, states[state].name, answer);
        }
    }
    print("\n");
    if (wrong[0] != '\0') fail("%s", wrong);
    exits("");
}
