// The processes that are debugged: all by their files in /proc.
#include "gdbserver.h"

Thread threads[kThreads];
int thread_count;
char* end_status;
int event_pipe[2];

static Point points[kPoints];
static int first_pid, is_child;

static int process_file(int pid, const char* file, int mode) {
    char name[64];
    snprint(name, sizeof name, "/proc/%d/%s", pid, file);
    return open(name, mode);
}

static int control(int pid, const char* message) {
    const int fd = process_file(pid, "ctl", OWRITE);
    if (fd < 0) return -1;
    const int result = write(fd, message, strlen(message)) < 0 ? -1 : 0;
    close(fd);
    return result;
}

/* Moves bytes of a file at an offset; how many, or -1. */
static long read_file(int pid, const char* file, void* to, long size, uvlong at) {
    const int fd = process_file(pid, file, OREAD);
    if (fd < 0) return -1;
    const long count = pread(fd, to, size, at);
    close(fd);
    return count;
}
static long write_file(int pid, const char* file, const void* from, long size, uvlong at) {
    const int fd = process_file(pid, file, OWRITE);
    if (fd < 0) return -1;
    const long count = pwrite(fd, from, size, at);
    close(fd);
    return count;
}

Thread* find_thread(int pid) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].pid == pid) return &threads[i];
    }
    return nil;
}

/* Forgets those that have ended. */
static void drop_gone(void) {
    int left = 0;
    for (int i = 0; i < thread_count; ++i) {
        if (!threads[i].gone) threads[left++] = threads[i];
    }
    thread_count = left;
}

/* Calls visit for each that shares data with ours and is not known yet, with its line of
 * `threads`, until that returns other than 0. */
static int for_each_new(int (*visit)(int pid, char* line)) {
    static char text[kThreads * 64];
    for (int i = 0; i < thread_count; ++i) {
        const long size = read_file(threads[i].pid, "threads", text, sizeof text - 1, 0);
        if (size <= 0) continue;
        text[size] = '\0';
        for (char *line = text, *end; (end = strchr(line, '\n')) != nil; line = end + 1) {
            *end = '\0';
            const int pid = atoi(line);
            const int result = find_thread(pid) != nil ? 0 : visit(pid, line);
            if (result != 0) return result;
        }
        return 0; /* all of them list the same */
    }
    return 0;
}

static int take_in(int pid, char* line) {
    USED(line);
    if (thread_count == kThreads || control(pid, "stop") < 0) return 0;
    memset(&threads[thread_count], 0, sizeof threads[0]);
    threads[thread_count].running = 1;
    threads[thread_count++].pid = pid;
    return 1;
}

/* Lets those go that share nothing with the first one any more: they execute another program. */
static void drop_strangers(void) {
    char text[kThreads * 64], *end;
    if (thread_count < 2) return;
    const long size = read_file(threads[0].pid, "threads", text, sizeof text - 1, 0);
    if (size <= 0) return;
    text[size] = '\0';
    for (int i = 1; i < thread_count; ++i) {
        threads[i].gone = 1;
        for (char* line = text; (end = strchr(line, '\n')) != nil; line = end + 1) {
            if (atoi(line) == threads[i].pid) threads[i].gone = 0;
        }
        if (threads[i].gone) control(threads[i].pid, "start");
    }
    drop_gone();
}

static int is_stopped(int pid, char* line) { return strstr(line, " Stopped ") != nil ? pid : 0; }
int find_stopped(void) { return for_each_new(is_stopped); }

int attach(int pid) {
    if (control(pid, "stop") < 0) return -1;
    first_pid = pid;
    threads[0].pid = pid;
    thread_count = 1;
    while (for_each_new(take_in)) continue;
    return 0;
}

int launch(char* argv[]) {
    const int pid = rfork(RFPROC | RFFDG | RFNOTEG | RFSTOP);
    if (pid < 0) return -1;
    if (pid == 0) {
        if (strchr(argv[0], '/') == nil) {
            char* name = smprint("/bin/%s", argv[0]);
            if (name != nil) exec(name, argv);
        } else {
            exec(argv[0], argv);
        }
        sysfatal("%s: %r", argv[0]);
    }
    first_pid = pid;
    is_child = 1;
    if (control(pid, "hang") < 0 || control(pid, "start") < 0 || control(pid, "waitstop") < 0 ||
        control(pid, "nohang") < 0) {
        return -1;
    }
    threads[0].pid = pid;
    thread_count = 1;
    return 0;
}

int read_registers(Thread* thread, uvlong registers[kRegisters]) {
    registers[0] = 0;
    const long size = (kRegisters - 1) * sizeof registers[0];
    return read_file(thread->pid, "regs", registers + 1, size, 0) == size ? 0 : -1;
}
int write_registers(Thread* thread, uvlong registers[kRegisters]) {
    const long size = (kRegisters - 1) * sizeof registers[0];
    return write_file(thread->pid, "regs", registers + 1, size, 0) == size ? 0 : -1;
}
int read_floats(Thread* thread, uvlong floats[kFloats + 1]) {
    const long size = (kFloats + 1) * sizeof floats[0];
    return read_file(thread->pid, "fpregs", floats, size, 0) == size ? 0 : -1;
}
int write_floats(Thread* thread, uvlong floats[kFloats + 1]) {
    const long size = (kFloats + 1) * sizeof floats[0];
    return write_file(thread->pid, "fpregs", floats, size, 0) == size ? 0 : -1;
}

long read_memory(Thread* thread, uvlong at, void* to, long size) {
    long done = 0;
    while (done < size) {
        const long count = read_file(thread->pid, "mem", (char*)to + done, size - done, at + done);
        if (count <= 0) return done == 0 ? count : done;
        done += count;
    }
    return done;
}
int write_memory(Thread* thread, uvlong at, const void* from, long size) {
    return write_file(thread->pid, "mem", from, size, at) == size ? 0 : -1;
}

/*
 * Breakpoints are in memory only while a thread runs, so that nobody reads them: each has its own
 * copy of the text. Data is watched by the kernel.
 */

static const uchar short_breakpoint[] = {0x02, 0x90}, long_breakpoint[] = {0x73, 0, 0x10, 0};

/* What is overwritten, by thread and place. */
typedef struct Inserted Inserted;
struct Inserted {
    int pid;
    uvlong at;
    long size;
    uchar original[4];
};
static Inserted* inserted;
static int inserted_count, inserted_room;

static int insert(Thread* thread, uvlong at, long size) {
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].pid == thread->pid && inserted[i].at == at) return 0;
    }
    if (inserted_count == inserted_room) {
        inserted_room = inserted_room * 2 + 64;
        inserted = erealloc(inserted, inserted_room * sizeof inserted[0]);
    }
    Inserted* it = &inserted[inserted_count];
    it->pid = thread->pid;
    it->at = at;
    it->size = size;
    if (read_memory(thread, at, it->original, size) != size) return -1;
    /* Who shares all memory with another has it already. */
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].at == at) memcpy(it->original, inserted[i].original, size);
    }
    if (write_memory(thread, at, size == 4 ? long_breakpoint : short_breakpoint, size) < 0)
        return -1;
    ++inserted_count;
    return 0;
}

/* Also for threads made since, whose text is a copy of one with breakpoints. */
static void take_out_all(void) {
    for (int i = 0; i < inserted_count; ++i) {
        for (int k = 0; k < thread_count; ++k) {
            uchar now[4];
            const long size = inserted[i].size;
            const uchar* breakpoint = size == 4 ? long_breakpoint : short_breakpoint;
            if (read_memory(&threads[k], inserted[i].at, now, size) != size) continue;
            if (memcmp(now, breakpoint, size) != 0) continue;
            write_memory(&threads[k], inserted[i].at, inserted[i].original, size);
        }
    }
    inserted_count = 0;
}

static int insert_all(Thread* thread) {
    char lines[kPoints * 64], *end = lines;
    for (int i = 0; i < kPoints; ++i) {
        const Point* it = &points[i];
        if (it->type == '0' && insert(thread, it->at, it->size) < 0) return -1;
        if (it->type < '2') continue;
        const char* type = it->type == '2' ? "w" : it->type == '3' ? "r" : "rw";
        end = seprint(end, lines + sizeof lines, "%s 0x%llux %uld\n", type, it->at, it->size);
    }
    const int fd = process_file(thread->pid, "watchpt", OWRITE | OTRUNC);
    if (fd < 0) return -1;
    const int result = end == lines || write(fd, lines, end - lines) == end - lines ? 0 : -1;
    close(fd);
    return result;
}

static Point* find_point(char type, uvlong at, ulong size) {
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type != type) continue;
        if (type == 0 || (points[i].at == at && points[i].size == size)) return &points[i];
    }
    return nil;
}

int add_point(char type, uvlong at, ulong size) {
    if (find_point(type, at, size) != nil) return 0;
    Point* free = find_point(0, 0, 0);
    if (free == nil || (type == '0' && size != 2 && size != 4)) return -1;
    *free = (Point){type, at, size};
    return 0;
}
void remove_point(char type, uvlong at, ulong size) {
    Point* it = find_point(type, at, size);
    if (it != nil) it->type = 0;
}

/*
 * Why one stopped.
 */

/* gdb's own numbers of signals. */
enum {
    kHup = 1,
    kInt = 2,
    kIll = 4,
    kTrap = 5,
    kBus = 10,
    kSegv = 11,
    kSys = 12,
    kPipe = 13,
    kAlarm = 14,
    kTerm = 15,
    kUsr1 = 30,
};

static const struct {
    const char* note;
    int signal;
} signals[] = {
    {"sys: breakpoint", kTrap},
    {"sys: watchpoint", kTrap},
    {"sys: trap: illegal", kIll},
    {"sys: trap: bus", kBus},
    {"sys: odd address", kBus},
    {"sys: trap: fault", kSegv},
    {"sys: bad address", kSegv},
    {"sys: write on closed pipe", kPipe},
    {"sys: bad sys call", kSys},
    {"interrupt", kInt},
    {"hangup", kHup},
    {"alarm", kAlarm},
    {"term", kTerm},
};

static int signal_of(const char* note) {
    for (ulong i = 0; i < nelem(signals); ++i) {
        if (strncmp(note, signals[i].note, strlen(signals[i].note)) == 0) return signals[i].signal;
    }
    return kUsr1;
}

static void describe(Thread* thread) {
    thread->signal = signal_of(thread->note);
    thread->watched = 0;
    if (strncmp(thread->note, "sys: watchpoint ", 16) != 0) return;
    int number = atoi(thread->note + 16);
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type >= '2' && number-- == 0) thread->watched = points[i].at;
    }
}

enum { kNotes = 5, kAbort = 6 };

static int is_broken(int pid) {
    char text[64];
    const long size = read_file(pid, "status", text, sizeof text - 1, 0);
    if (size <= 0) return 0;
    text[size] = '\0';
    return strstr(text, " Broken") != nil;
}

static int begins(const char* text, const char* with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* Why it stopped, by the notes that it was to meet: a watched access, which has been made, or else
 * what is no breakpoint, as that is met again. Those that are not taken are met when it goes on. */
static void take_note(Thread* thread) {
    char notes[kNotes][ERRMAX];
    int count = 0, chosen = 0;
    thread->note[0] = '\0';
    thread->signal = 0;
    thread->reported = 0;
    for (; count < kNotes; ++count) {
        const long size = read_file(thread->pid, "note", notes[count], ERRMAX - 1, 0);
        if (size <= 0) break;
        notes[count][size] = '\0';
    }
    if (count == 0) {
        if (!thread->broken) return;
        strecpy(thread->note, thread->note + ERRMAX, "it is Broken");
        thread->signal = kAbort;
        return;
    }
    for (int i = count - 1; i >= 0; --i) {
        if (!begins(notes[i], "sys: breakpoint")) chosen = i;
    }
    for (int i = 0; i < count; ++i) {
        if (begins(notes[i], "sys: watchpoint")) chosen = i;
    }
    for (int i = 0; i < count; ++i) {
        if (i == chosen || begins(notes[i], "sys: breakpoint")) continue;
        write_file(thread->pid, "note", notes[i], strlen(notes[i]), 0);
    }
    strecpy(thread->note, thread->note + ERRMAX, notes[chosen]);
    describe(thread);
}

/* Whether it stopped where a step leads. */
static int has_stepped(Thread* thread) {
    uvlong registers[kRegisters];
    const int met_another = thread->note[0] != '\0' && !begins(thread->note, "sys: breakpoint");
    if (!thread->steps || met_another) return 0;
    if (read_registers(thread, registers) < 0) return 0;
    for (int i = 0; i < thread->step_count; ++i) {
        if (thread->step_at[i] == registers[kPc]) return 1;
    }
    return 0;
}

/* Whether it met a breakpoint that is not for it: one of gdb's that stopped another first, which it
 * meets again as it stands there still, or one that another's step leads to. */
static int is_not_for_it(Thread* thread, int another_stopped) {
    uvlong registers[kRegisters];
    if (read_registers(thread, registers) < 0) return 0;
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type == '0' && points[i].at == registers[kPc]) return another_stopped;
    }
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].at == registers[kPc]) return 1;
    }
    return 0;
}

/*
 * Going on and stopping.
 */

/* The note that a signal stands for is met when it goes on: the one that stopped it, or another. */
static int pass_note(Thread* thread, int signal) {
    const char* note = nil;
    if (signal == 0) return 0;
    if (signal == thread->signal && thread->note[0] != '\0') note = thread->note;
    for (ulong i = 0; i < nelem(signals) && note == nil; ++i) {
        if (signals[i].signal == signal) note = signals[i].note;
    }
    if (note == nil) note = "sys: signal";
    const long size = strlen(note);
    return write_file(thread->pid, "note", note, size, 0) == size ? 0 : -1;
}

int resume(Thread* thread, int signal, int steps) {
    thread->steps = steps;
    thread->step_count = 0;
    if (thread->broken) {
        thread->gone = 1; /* nothing of it goes on */
        return control(thread->pid, "kill");
    }
    if (pass_note(thread, signal) < 0) return -1;
    thread->running = 1;
    thread->note[0] = '\0';
    thread->signal = 0;
    thread->waiter = -1; /* begin_waiting() */
    return 0;
}

static void wait_for(int pid) {
    Event event = {.kind = 's', .pid = pid};
    (void)control(pid, "startstop"); /* it stopped, or is no more */
    send_event(event);
    _exits("");
}

int begin_waiting(void) {
    uvlong registers[kRegisters];
    drop_gone();
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        if (it->waiter >= 0) continue;
        if (insert_all(it) < 0) return -1;
        if (!it->steps) continue;
        if (read_registers(it, registers) < 0) return -1;
        it->step_count = places_after(it, registers, it->step_at, nelem(it->step_at));
        for (int k = 0; k < it->step_count; ++k) {
            insert(it, it->step_at[k], 2); /* where nothing is, going there faults */
        }
    }
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].waiter >= 0) continue;
        const int pid = fork();
        if (pid == 0) wait_for(threads[i].pid);
        threads[i].waiter = pid < 0 ? 0 : pid;
    }
    return 0;
}

/* Waits for the end of a child: a waiter, or the first process. -1: there is none. */
static int reap(void) {
    Waitmsg* message = wait();
    if (message == nil) return -1;
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].waiter == message->pid) threads[i].waiter = 0;
    }
    if (is_child && message->pid == first_pid) end_status = estrdup(message->msg);
    free(message);
    return 0;
}

void wait_for_end(void) {
    while (is_child && end_status == nil && reap() == 0) continue;
}

static int is_there(int pid) {
    char name[32];
    snprint(name, sizeof name, "/proc/%d", pid);
    return access(name, AEXIST) == 0;
}

/* Its waiter goes; it is stopped, or has ended. */
static void stop_one(Thread* thread) {
    if (thread->waiter > 0) postnote(PNPROC, thread->waiter, "kill");
    while (thread->waiter > 0 && reap() == 0) continue;
    thread->waiter = 0;
    /* Who waits for a child to execute something is stopped only then. */
    alarm(3000);
    if (control(thread->pid, "stop") < 0 && !is_there(thread->pid)) thread->gone = 1;
    alarm(0);
    thread->broken = !thread->gone && is_broken(thread->pid);
}

Thread* all_stop(int pid) {
    for (int i = 0; i < thread_count; ++i) stop_one(&threads[i]);
    drop_gone();
    drop_strangers();
    while (for_each_new(take_in)) continue;
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].running) take_note(&threads[i]);
    }
    Thread* told = nil;
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        if (!it->running) continue;
        const int at_breakpoint = begins(it->note, "sys: breakpoint");
        if (has_stepped(it)) {
            it->signal = kTrap;
        } else if (at_breakpoint && is_not_for_it(it, it->pid != pid)) {
            it->signal = 0;
        }
        /* What the debugger asked for is not the program's to meet. */
        if (at_breakpoint || it->signal == kTrap) it->note[0] = '\0';
        if (it->signal != 0 && (told == nil || it->pid == pid)) told = it;
    }
    take_out_all();
    if (pid == 0 && told == nil && thread_count > 0) {
        told = &threads[0];
        told->signal = kInt;
    }
    for (int i = 0; i < thread_count && told != nil; ++i) threads[i].running = threads[i].steps = 0;
    return told;
}

void detach(void) {
    for (int i = 0; i < kPoints; ++i) points[i].type = 0;
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        const int fd = process_file(it->pid, "watchpt", OWRITE | OTRUNC);
        if (fd >= 0) close(fd);
        /* What gdb was not told of is met. */
        if (!it->reported && it->note[0] != '\0') pass_note(it, it->signal);
        control(it->pid, "start");
    }
}

void kill_all(void) {
    for (int i = 0; i < thread_count; ++i) control(threads[i].pid, "kill");
}

void send_event(Event event) { write(event_pipe[1], &event, sizeof event); }
