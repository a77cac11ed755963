// Guest instructions per operation of processes, for QEMU with -icount shift=0, where a nanosecond is an instruction. Prints
// "ROW<tab>COUNT" lines; processes.py sets them beside Linux and xv6.
#include <libc.h>

enum { TURNS = 400, WARM = 20, FAULTS = 2000 };

static char record[WAITTEXT];
static uchar* pages; // not touched before it is measured

static void row(const char* name, vlong began, int operations) {
    print("%s\t%lld\n", name, (nsec() - began) / operations);
}

/* Measures what `body` does once, after a warm-up. */
#define MEASURE(name, turns, body)                    \
    do {                                              \
        for (int i_ = 0; i_ < WARM; i_++) body;       \
        const vlong began_ = nsec();                  \
        for (int i_ = 0; i_ < (turns); i_++) body;    \
        row(name, began_, turns);                     \
    } while (0)

static void reap(void) {
    if (await(record, sizeof record) < 0) sysfatal("await: %r");
}

/* A child that ends at once; with `program`, by executing it. */
static void child(int flags, const char* program) {
    static char* const words[] = {"tiny", nil};
    const int pid = rfork(RFPROC | flags);
    if (pid < 0) sysfatal("rfork: %r");
    if (pid == 0) {
        if (program != nil) exec(program, words);
        _exits(program == nil ? nil : "exec");
    }
    reap();
}

static int ended; // a semaphore

static void end_thread(void* argument) {
    USED(argument);
    semrelease(&ended, 1);
    _exits(nil);
}

static void make_and_join_thread(void) {
    static uchar stack[4096] __attribute__((aligned(16)));
    if (thread_create(end_thread, nil, stack + sizeof stack) < 0) sysfatal("thread: %r");
    semacquire(&ended, 1);
}

static void transfer(int from, int to) {
    char byte = 'x';
    if (write(to, &byte, 1) != 1 || read(from, &byte, 1) != 1) sysfatal("pipe: %r");
}

/* Sends bytes back until its end of the pipe is closed. */
static int echoing_child(int ends[2]) {
    int answers[2];
    if (pipe(answers) < 0) sysfatal("pipe: %r");
    if (rfork(RFPROC | RFFDG) == 0) {
        char byte;
        close(ends[0]);
        while (read(ends[1], &byte, 1) == 1) write(answers[0], &byte, 1);
        _exits(nil);
    }
    close(ends[1]);
    close(answers[0]);
    return answers[1];
}

static void measure_pipes(void) {
    int ends[2];
    if (pipe(ends) < 0) sysfatal("pipe: %r");
    MEASURE("pipe write + read", TURNS, transfer(ends[1], ends[0]));
    const int answers = echoing_child(ends);
    MEASURE("pipe round trip", TURNS, transfer(answers, ends[0]));
    close(ends[0]);
    close(answers);
    reap();
}

static void measure_meetings(void) {
    void* const tag = &pages;
    if (rfork(RFPROC) == 0) {
        while (rendezvous(tag, nil) == nil) continue;
        _exits(nil);
    }
    MEASURE("rendezvous round trip", TURNS, {
        rendezvous(tag, nil);
        rendezvous(tag, nil);
    });
    rendezvous(tag, tag);
    reap();
}

static void measure_yield(void) {
    const int pid = rfork(RFPROC);
    if (pid == 0) {
        for (;;) sleep(0);
    }
    MEASURE("yield", TURNS, sleep(0));
    postnote(PNPROC, pid, "enough");
    reap();
}

static void go_on(void* registers, char* note) {
    USED(registers);
    USED(note);
    noted(NCONT);
}

static void measure_notes(void) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d/note", getpid());
    const int fd = open(name, OWRITE);
    notify(go_on);
    MEASURE("note to self", TURNS, write(fd, "note", 4));
    notify(nil);
    close(fd);
}

static void measure_files(void) {
    char name[32];
    char text[256];
    snprint(name, sizeof name, "/proc/%d/ctl", getpid());
    const int ctl = open(name, OWRITE);
    MEASURE("write nohang to ctl", TURNS, write(ctl, "nohang", 6));
    close(ctl);
    MEASURE("open + close status", TURNS, close(open("/proc/1/status", OREAD)));
    MEASURE("open + read + close status", TURNS, {
        const int fd = open("/proc/1/status", OREAD);
        read(fd, text, sizeof text);
        close(fd);
    });
    const int status = open("/proc/1/status", OREAD);
    MEASURE("read status", TURNS, pread(status, text, sizeof text, 0));
    close(status);
}

/* What a thousand processes that sleep cost whoever lists them, and who posts a note to all. */
static void measure_crowd(void) {
    enum { CROWD = 1000 };
    static char records[65536];
    if (rfork(RFPROC | RFFDG | RFNOTEG) != 0) {
        reap();
        return;
    }
    for (int i = 0; i < CROWD; i++) {
        const int pid = rfork(RFPROC);
        if (pid < 0) sysfatal("rfork: %r");
        if (pid == 0) {
            for (;;) sleep(1000000);
        }
    }
    sleep(100); // until the last of them sleeps
    const int directory = open("/proc", OREAD);
    vlong began = nsec();
    while (read(directory, records, sizeof records) > 0) continue;
    row("list /proc, per process", began, CROWD);
    close(directory);
    char name[32];
    snprint(name, sizeof name, "/proc/%d/notepg", getpid());
    const int group = open(name, OWRITE);
    began = nsec();
    if (write(group, "hangup", 6) != 6) sysfatal("%s: %r", name);
    row("note to a group, per member", began, CROWD);
    for (int i = 0; i < CROWD; i++) reap();
    _exits(nil);
}

static void touch(int count) {
    for (int i = 0; i < count; i++) *(volatile uchar*)(pages + 4096l * i) = 1;
}

/* What the dearest of `count` first writes costs. */
static vlong dearest_touch(int count) {
    vlong most = 0;
    for (int i = 0; i < count; i++) {
        const vlong began = nsec();
        *(volatile uchar*)(pages + 4096l * i) = 1;
        const vlong cost = nsec() - began;
        if (cost > most) most = cost;
    }
    return most;
}

static void touching_child(int count) {
    if (fork() == 0) {
        touch(count);
        _exits(nil);
    }
    reap();
}

static void measure_memory(void) {
    enum { MANY = 10000 };
    pages = segattach(0, "memory", nil, 4096l * MANY);
    if (pages == (void*)-1) sysfatal("segattach: %r");
    vlong began = nsec();
    touch(FAULTS);
    row("write fault", began, FAULTS);
    if (fork() == 0) {
        began = nsec();
        touch(FAULTS);
        row("copy-on-write fault", began, FAULTS);
        _exits(nil);
    }
    reap();
    began = nsec();
    touch(FAULTS);
    row("copy-on-write, sole owner", began, FAULTS);
    touch(1000);
    MEASURE("fork + exit + wait, 1,000 pages", TURNS, child(RFFDG | RFREND, nil));
    touch(MANY);
    MEASURE("fork + exit + wait, 10,000 pages", TURNS, child(RFFDG | RFREND, nil));
    if (fork() == 0) {
        print("dearest fault after that fork\t%lld\n", dearest_touch(MANY));
        _exits(nil);
    }
    reap();
    touch(MANY);
    began = nsec();
    touching_child(MANY);
    row("the same, the child writes all", began, 1);
    began = nsec();
    touch(MANY);
    row("then its maker writes all", began, 1);
}

void main(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    MEASURE("null call", TURNS, getpid());
    MEASURE("fork + exit + wait", TURNS, child(RFFDG | RFREND, nil));
    MEASURE("vfork + exit + wait", TURNS, child(RFFDG | RFMEM | RFPPWAIT, nil));
    MEASURE("fork + exec + exit + wait", TURNS, child(RFFDG | RFREND, "/bin/tiny"));
    MEASURE("vfork + exec + exit + wait", TURNS, child(RFFDG | RFMEM | RFPPWAIT, "/bin/tiny"));
    MEASURE("thread create + exit + join", TURNS, make_and_join_thread());
    measure_pipes();
    measure_meetings();
    measure_yield();
    measure_notes();
    measure_files();
    measure_crowd();
    measure_memory();
    exits(nil);
}
