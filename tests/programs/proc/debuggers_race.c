// Several stop, start, trace, interrupt and end the same processes at once, which exit, execute programs, fork, stop themselves and
// die meanwhile: whoever waits for one is released by its stop or its end, without help, and hears nothing but what may be said.
#include "../check.h"

enum { kTargets = 3, kDebuggers = 4, kSteps = 600, kStay = 10 /* steps at one target */, kPatience = 30 /* seconds */ };

/* What a debugger writes, how often among others, and what that may answer but success, as in `answers`. */
static struct {
    char* text;
    int weight;
    char* errors;
} messages[] = {
    {"stop", 16, "xu"}, {"waitstop", 2, "xu"}, {"start", 3, "xc"},     {"startstop", 4, "xcu"},  {"startsyscall", 16, "xcu"},
    {"hang", 2, "x"},   {"nohang", 2, "x"},    {"interrupt", 3, "x"},  {"nointerrupt", 2, "xn"}, {"kill", 1, "x"},
    {"bye", 4, "xp"},
};
enum { kNote = nelem(messages) - 1 };

static struct {
    char letter;
    char* text;
} answers[] = {
    {'x', "process exited"},
    {'x', "file does not exist: '/proc/"},
    {'c', "bad process or channel control request"},
    {'u', "device or object already in use"},
    {'n', "notes pending"},
    {'p', "note not posted"},
};

typedef struct {
    int step; /* how far it is */
    int message;
    int pid; /* of whom it wrote that to */
} Debugger;
static struct {
    volatile int targets[kTargets];
    volatile Debugger debuggers[kDebuggers];
}* shared;

static unsigned seed;
static unsigned draw(unsigned below) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* What targets do before they end. */
static void calls(void) {
    for (int left = draw(40); left > 0; --left) {
        getpid();
        sleep(draw(10) == 0);
    }
}

static void goes(void) {
    calls();
    _exits("done");
}
static void executes(void) {
    calls();
    exec("/suite/debuggers_race", (char*[]){"debuggers_race", "again", nil});
    _exits("exec");
}
static void forks(void) {
    calls();
    // Nobody waits for the child: it may be stopped at its first call.
    rfork(RFPROC | RFFDG | RFNOWAIT);
    goes();
}
static void stops_itself(void) {
    control(getpid(), "stop");
    goes();
}
static void is_noted(void) {
    notify(count_notes);
    postnote(PNPROC, getpid(), "hello");
    goes();
}
static void breaks(void) {
    calls();
    asm volatile("ebreak");
}
static void faults(void) {
    static volatile uintptr wild = 8;
    calls();
    *(volatile char*)wild = 0;
}
static void (*const kinds[])(void) = {goes, executes, forks, breaks, stops_itself, is_noted, faults};

/* How a target may end. */
static char* ends[] = {"", "done", "exec", "Killed", "bye", "sys: breakpoint", "sys: trap: fault write addr=0x8"};

static int make_target(void) {
    static unsigned kind;
    ++kind;
    // Every other one is to be started.
    const int pid = rfork(RFPROC | RFFDG | (kind % 2 != 0 ? RFSTOP : 0));
    CHECK(pid >= 0);
    if (pid != 0) return pid;
    notify(nil);
    seed = kind * 2654435761u;
    kinds[kind % nelem(kinds)]();
    return 0;
}

static int is_among(const char* text, char* errors) {
    for (usize i = 0; i < nelem(answers); ++i) {
        if (strchr(errors, answers[i].letter) != nil && strncmp(text, answers[i].text, strlen(answers[i].text)) == 0) return 1;
    }
    return 0;
}

static void debugs(volatile Debugger* self) {
    int weights = 0, target = 0;
    for (usize i = 0; i < nelem(messages); ++i) weights += messages[i].weight;
    while (self->step < kSteps) {
        int left = draw(weights), message = 0;
        while ((left -= messages[message].weight) >= 0) ++message;
        self->message = message;
        if (self->step % kStay == 0) target = draw(kTargets);
        self->pid = shared->targets[target];
        char* const text = messages[message].text;
        const int done = message == kNote ? postnote(PNPROC, self->pid, text) : control(self->pid, text);
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        if (done < 0 && !is_among(why, messages[message].errors)) fail("%s: %s", text, why);
        ++self->step;
    }
    _exits("");
}

/* Ends all others of this note group; how many there are. */
static int end_others(void) {
    Dir* entries;
    int count = 0;
    const int fd = open("/proc", OREAD);
    const long entry_count = dirreadall(fd, &entries);
    CHECK(entry_count > 0);
    close(fd);
    const int self = getpid();
    char group[12], of_it[12];
    const int mine = process_file(self, "noteid", OREAD);
    SAME(read(mine, group, sizeof group), sizeof group);
    close(mine);
    for (long i = 0; i < entry_count; ++i) {
        const int pid = atoi(entries[i].name);
        if (pid == 0 || pid == self) continue;
        const int its = process_file(pid, "noteid", OREAD);
        if (its < 0) continue;
        if (read(its, of_it, sizeof of_it) == sizeof of_it && memcmp(group, of_it, sizeof group) == 0) {
            control(pid, "kill");
            ++count;
        }
        close(its);
    }
    free(entries);
    return count;
}

/* Says of one who waits too long what he waits for, and fails. */
static void give_up(volatile Debugger* debugger) {
    const int pid = debugger->pid;
    char state[32];
    snprint(state, sizeof state, "%s", state_of(pid));
    char* const text = messages[debugger->message].text;
    end_others();
    fail("nobody ends %s to %d, which is %s", text, pid, state[0] == '\0' ? "gone" : state);
}

/* Whoever has made no step for too long has missed what he waits for: targets end of themselves, unless they are stopped. */
static void look_for_stuck(void) {
    static struct {
        int step;
        vlong since;
    } seen[kDebuggers];
    const vlong now = nsec();
    for (int i = 0; i < kDebuggers; ++i) {
        volatile Debugger* const debugger = &shared->debuggers[i];
        if (seen[i].step != debugger->step || seen[i].since == 0) {
            seen[i].step = debugger->step;
            seen[i].since = now;
        }
        if (debugger->step < kSteps && now - seen[i].since > kPatience * 1000000000LL) give_up(debugger);
    }
}

/* A target or a debugger has ended. */
static int debuggers_ended(const Waitmsg* message, const int* debuggers) {
    char* text = strstr(message->msg, ": ");
    text = text == nil ? message->msg : text + 2;
    for (int i = 0; i < kDebuggers; ++i) {
        if (message->pid != debuggers[i]) continue;
        if (text[0] != '\0') {
            end_others();
            fail("%s", text);
        }
        return 1;
    }
    for (int i = 0; i < kTargets; ++i) {
        if (message->pid == shared->targets[i]) shared->targets[i] = make_target();
    }
    for (usize i = 0; i < nelem(ends); ++i) {
        if (strncmp(text, ends[i], strlen(ends[i])) == 0 && (ends[i][0] != '\0' || text[0] == '\0')) return 0;
    }
    end_others();
    fail("a target ends with %s", text);
}

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc > 1) {
        calls();
        exec("/bin/sleep", (char*[]){"sleep", "0", nil});
        _exits("exec");
    }
    shared = shared_memory(sizeof *shared);
    CHECK(rfork(RFNOTEG) >= 0);
    notify(count_notes);
    int debuggers[kDebuggers];
    for (int i = 0; i < kTargets; ++i) shared->targets[i] = make_target();
    for (int i = 0; i < kDebuggers; ++i) {
        debuggers[i] = fork();
        CHECK(debuggers[i] >= 0);
        seed = getpid() * 2654435761u;
        if (debuggers[i] == 0) debugs(&shared->debuggers[i]);
    }
    for (int left = kDebuggers; left > 0;) {
        // Only this one's wait is cut short.
        alarm(100);
        Waitmsg* const message = wait();
        alarm(0);
        if (message != nil) left -= debuggers_ended(message, debuggers);
        free(message);
        look_for_stuck();
    }
    EVENTUALLY(end_others() == 0);
    while (waitpid() >= 0) continue;
    FAILS(-1, "no living children");
    exits("");
}
