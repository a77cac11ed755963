// stress: random system calls with random arguments, from many processes, by a seed.
//
// usage: stress seed processes steps
// The first process keeps `processes` workers going until they have made processes * steps calls,
// ends what is left, and says what there was. Nothing that a worker does is an error: the kernel
// must still be there, and (for `suite`) hold what it held before.
#include <fcall.h>
#include <libc.h>

enum {
    kFamily = 40,    /* processes at once, more or less: above it none is made */
    kHeap = 1 << 18, /* as far as a worker moves the end of its memory */
    kRoom = 1 << 14, /* of the buffer that calls read and write */
    kPage = 4096,
    kPollMs = 10,       /* how often the first process looks */
    kStalledPolls = 10, /* without a call: then the workers are woken; twice that: ended */
    kEndPolls = 2000,   /* until all that were told to end must be gone */
    kSeconds = 60,      /* after which no worker begins */
    kSlots = 8,         /* of segments, and of threads */
    kShares = 16,       /* a new process does some 16ths of what its maker has left to do */
};

/* What all share. Workers may damage it: the first process takes nothing from it on trust. */
typedef struct {
    int calls, failed, made, notes;
    int live; /* at the last look */
    int semaphores[4];
    uintptr places[kSlots]; /* of segments */
} Common;

/* A worker: on its stack, which no other process shares. */
typedef struct {
    uvlong random;
    int steps;
} Worker;

static Common* common;
static char buffer[kRoom + 2 * kPage];
static char* heap; /* where it began */
/* The number of the first process, and its complement: workers speak to any process of this name
 * but that one, and to none when their memory is damaged. */
static int first, not_first;
static volatile int sink;

static void worker(Worker* self) __attribute__((noreturn));

static uint draw(Worker* self, uint below) {
    self->random = self->random * 6364136223846793005ull + 1442695040888963407ull;
    const uvlong mixed = (self->random ^ self->random >> 29) * 0xbf58476d1ce4e5b9ull;
    return (mixed >> 32) % below;
}
#define PICK(self, of) ((of)[draw(self, nelem(of))])
static int one_in(Worker* self, uint many) { return draw(self, many) == 0; }

static const uvlong kWild[] = {0,
                               1,
                               7,
                               0xfff,
                               0x10001,
                               0x7fffffff,
                               0x80000000,
                               0xffffffff,
                               0x3ffffffff8,
                               0x4000000000,
                               0x8000000000000000,
                               0xffffffc000000000,
                               0xffffffc080200000,
                               0xfffffffffffff000,
                               -8ull,
                               -1ull};

/* An address: mostly of the buffer, often at the edge of a page, sometimes of anything. */
static uintptr address(Worker* self) {
    switch (draw(self, 12)) {
        case 0:
            return PICK(self, kWild);
        case 1:
            return PICK(self, common->places) + draw(self, 3 * kPage);
        case 2:
            return (uintptr)heap + draw(self, kHeap);
        case 3:
            return (uintptr)draw + draw(self, kPage);
        case 4:
            return (uintptr)common + draw(self, 2 * kPage);
        case 5:
            return (uintptr)self - draw(self, kPage);
        case 6:
            return ((uintptr)buffer | (kPage - 1)) + 1 + draw(self, 3) * kPage - draw(self, 9);
        default:
            return (uintptr)buffer + draw(self, kRoom);
    }
}

static uvlong number(Worker* self) {
    if (one_in(self, 6)) return PICK(self, kWild);
    return draw(self, 1u << draw(self, 14));
}

/* Bounded, so that a read from an endless file cannot fill the memory. */
static uvlong size(Worker* self) {
    return one_in(self, 8) ? draw(self, 3 * kPage) : draw(self, 200);
}

static int descriptor(Worker* self) {
    return one_in(self, 12) ? (int)PICK(self, kWild) : (int)draw(self, 14);
}

/* Whether process `number` is a descendant of the first: numbers come again, so the name tells. */
static int is_descendant(const char* number) {
    char text[40];
    snprint(text, sizeof text, "/proc/%s/status", number);
    const int fd = open(text, OREAD);
    if (fd < 0) return 0;
    const long bytes = read(fd, text, sizeof text);
    close(fd);
    return bytes == sizeof text && strncmp(text, "stress ", 7) == 0 && atoi(number) != first;
}

/* A descendant of the first process. */
static int relative(Worker* self) {
    const int own = getpid();
    for (int tries = draw(self, 4); tries > 0; --tries) {
        char number[16];
        snprint(number, sizeof number, "%d", 1 + draw(self, own + 50));
        if (first != ~not_first) _exits("damaged");
        if (is_descendant(number)) return atoi(number);
    }
    return own;
}

/* A file's name, in the buffer or not a text at all. */
static const char* name(Worker* self) {
    static const char* const kFiles[] = {
        "/env/a",        "/env/b",   "/env",       "/dev/null",   "/dev/zero",
        "/dev/random",   "/dev/pid", "/dev/time",  "/proc/stats", "/bin/stress",
        "/bin",          "/",        "",           ".",           "..",
        "/nowhere/x",    "#e/c",     "#p",         "#|",          "#d/1",
        "/env/../env/d", "#s",       "/dev/kmesg", "/fd/0"};
    static const char* const kAbout[] = {"status", "ctl",    "note", "notepg", "args", "fd",
                                         "ns",     "noteid", "wait", "proc",   "ppid", "kregs"};
    char* const at = buffer + draw(self, kRoom / 2);
    switch (draw(self, 8)) {
        case 0:
            return (const char*)address(self);
        case 1:
        case 2:
            snprint(at, 64, "/proc/%d/%s", relative(self), PICK(self, kAbout));
            return at;
        case 3:
            snprint(at, 64, "/env/%c%d", 'a' + draw(self, 4), draw(self, 6));
            return at;
        default:
            return strcpy(at, PICK(self, kFiles));
    }
}

/*
 * The steps. Each is one idea; what it returns is counted, no more.
 */
static vlong files(Worker* self) {
    static const int kModes[] = {OREAD,          OWRITE,         ORDWR,           OEXEC,
                                 OREAD | OCEXEC, ORDWR | OTRUNC, ORDWR | ORCLOSE, -1};
    switch (draw(self, 10)) {
        case 0:
        case 1:
            return open(name(self), PICK(self, kModes));
        case 2: {
            /* Only where it is not kept: names of the environment end with it. */
            char text[16];
            snprint(text, sizeof text, "/env/%c%d", 'a' + draw(self, 4), draw(self, 6));
            return create(text, PICK(self, kModes), number(self));
        }
        case 3:
            return close(3 + draw(self, 12));
        case 4:
            return dup(descriptor(self), one_in(self, 2) ? -1 : (int)draw(self, 20));
        case 5:
            return seek(descriptor(self), number(self), draw(self, 4));
        case 6:
            return remove(name(self));
        case 7:
            return fd2path(descriptor(self), (char*)address(self), size(self));
        case 8:
            return stat(name(self), (uchar*)address(self), size(self));
        default:
            return fstat(descriptor(self), (uchar*)address(self), size(self));
    }
}

static vlong data(Worker* self) {
    if (one_in(self, 2)) alarm(1 + draw(self, 20));
    const uvlong at = one_in(self, 2) ? -1ull : number(self);
    if (one_in(self, 2)) return pread(descriptor(self), (void*)address(self), size(self), at);
    return pwrite(descriptor(self), (void*)address(self), size(self), at & 0xffff);
}

static vlong pipes(Worker* self) {
    if (one_in(self, 4)) return pipe((int*)address(self));
    int ends[2];
    if (pipe(ends) < 0) return -1;
    const uvlong bytes = size(self);
    const long wrote = write(ends[0], buffer, bytes);
    if (wrote > 0) read(ends[1], (void*)address(self), bytes + draw(self, 2));
    if (!one_in(self, 8)) close(ends[0]);
    return one_in(self, 8) ? 0 : close(ends[1]);
}

static vlong memory(Worker* self) {
    static const char* const kClasses[] = {"memory", "memory", "shared", "shared", "physical", ""};
    uintptr* const place = &common->places[draw(self, kSlots)];
    switch (draw(self, 9)) {
        case 0:
            return brk_(one_in(self, 8) ? (void*)(uintptr)PICK(self, kWild)
                                        : heap + draw(self, kHeap));
        case 1:
        case 2: {
            void* const at =
                one_in(self, 3) ? (void*)(0x200000000 + (uintptr)draw(self, 16) * kPage) : nil;
            const uvlong bytes = one_in(self, 8) ? 0 : draw(self, 8 * kPage);
            void* const got =
                segattach(one_in(self, 6) ? (int)number(self) : 0, PICK(self, kClasses), at, bytes);
            if (got != (void*)-1) *place = (uintptr)got;
            return (vlong)got;
        }
        case 3:
            return segdetach(one_in(self, 6) ? (void*)address(self) : (void*)*place);
        case 4:
            return segfree((void*)address(self), size(self) * 4);
        case 5:
            return segflush((void*)address(self), number(self));
        case 6:
            return (vlong)segbrk((void*)*place, (char*)*place + draw(self, 10 * kPage));
        case 7:
            return (vlong)segbrk((void*)address(self), (char*)*place + draw(self, 10 * kPage));
        default:
            for (int i = draw(self, 40); i > 0; --i) {
                buffer[draw(self, sizeof buffer)] = i;
                heap[draw(self, kPage)] += 1;
            }
            return 0;
    }
}

static vlong touches(Worker* self) {
    volatile char* const at = (volatile char*)address(self);
    // Most of these end the worker, so they are rare.
    if (!one_in(self, 10)) return 0;
    switch (draw(self, 8)) {
        case 0:
            ((void (*)(void))(uintptr)at)();
            return 0;
        case 1:
        case 2:
            *at = 1;
            return 0;
        default:
            sink = *at;
            return 0;
    }
}

static vlong meetings(Worker* self) {
    int* const semaphore = one_in(self, 5) ? (int*)address(self) : &PICK(self, common->semaphores);
    if (one_in(self, 2)) alarm(1 + draw(self, 8));
    switch (draw(self, 5)) {
        case 0:
            return (vlong)rendezvous((void*)(uintptr)draw(self, 6), (void*)(uintptr)number(self)) ==
                           -1
                       ? -1
                       : 0;
        case 1:
            return semacquire(semaphore, draw(self, 2));
        case 2:
            return tsemacquire(semaphore, draw(self, 6));
        default:
            return semrelease(semaphore, one_in(self, 6) ? (int)number(self) : (int)draw(self, 3));
    }
}

static vlong says(Worker* self) {
    static const char* const kNotes[] = {
        "interrupt", "hangup", "alarm", "sys: write on closed pipe", "x", "", "kill"};
    static const char* const kMessages[] = {
        "stop",   "start",      "kill",      "interrupt", "waitstop",   "nointerrupt",
        "pri 3",  "fixedpri 4", "wired 1",   "close 5",   "closefiles", "hang",
        "nohang", "private",    "startstop", "noswap",    "pri 99",     "wired x"};
    char file[40];
    const char* text;
    const uint which = draw(self, 4);
    snprint(file, sizeof file, "/proc/%d/%s", relative(self),
            which == 0   ? "note"
            : which == 1 ? "notepg"
                         : "ctl");
    text = which < 2 ? PICK(self, kNotes) : PICK(self, kMessages);
    /* A worker that kills its group each time would leave nobody to do anything else. */
    if (which == 1 && !one_in(self, 6)) return 0;
    const int fd = open(file, OWRITE);
    if (fd < 0) return -1;
    const long wrote = one_in(self, 8) ? write(fd, (void*)address(self), size(self))
                                       : write(fd, text, strlen(text));
    close(fd);
    return wrote;
}

static vlong names(Worker* self) {
    static const int kFlags[] = {MREPL,  MBEFORE, MAFTER, MBEFORE | MCREATE, MAFTER | MCREATE,
                                 MCACHE, -1};
    switch (draw(self, 6)) {
        case 0:
            return bind(name(self), name(self), PICK(self, kFlags));
        case 1:
            return bind("/env", "/proc", PICK(self, kFlags));
        case 2:
            return unmount(one_in(self, 2) ? nil : name(self), name(self));
        case 3:
            return chdir(name(self));
        case 4:
            return mount(draw(self, 8), -1, name(self), PICK(self, kFlags), name(self));
        default:
            return wstat(name(self), (uchar*)address(self), size(self));
    }
}

static void handler(void* registers, char* text);

static vlong itself(Worker* self) {
    switch (draw(self, 9)) {
        case 0:
            return alarm(one_in(self, 4) ? number(self) : draw(self, 10));
        case 1:
            return sleep(draw(self, 3));
        case 2:
            return notify(one_in(self, 6) ? (void (*)(void*, char*))address(self) : handler);
        case 3:
            return noted(draw(self, 6) - 1);
        case 4:
            return errstr((char*)address(self), size(self));
        case 5:
            return nsec();
        case 6:
            alarm(5);
            return await((char*)address(self), size(self));
        case 7:
            return fwstat(descriptor(self), (uchar*)address(self), size(self));
        default:
            return sysr1();
    }
}

/* Any call with any arguments, but for those that the other steps keep within bounds. */
static vlong anything(Worker* self) {
    static const int kBounded[] = {CALL_exits,  CALL_rfork, CALL_brk_,   CALL_segattach,
                                   CALL_segbrk, CALL_pread, CALL_pwrite, CALL_create};
    register uvlong a7 __asm__("a7") = draw(self, 60);
    for (usize i = 0; i < nelem(kBounded); ++i) {
        if ((int)a7 == kBounded[i]) return 0;
    }
    uvlong words[6];
    for (usize i = 0; i < nelem(words); ++i)
        words[i] = one_in(self, 2) ? address(self) : number(self);
    alarm(1 + draw(self, 8));
    register uvlong a0 __asm__("a0") = words[0];
    register uvlong a1 __asm__("a1") = words[1];
    register uvlong a2 __asm__("a2") = words[2];
    register uvlong a3 __asm__("a3") = words[3];
    register uvlong a4 __asm__("a4") = words[4];
    register uvlong a5 __asm__("a5") = words[5];
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a7)
                     :
                     : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a6", "memory");
    return a0;
}

static void thread(void* words) {
    Worker self = *(Worker*)words;
    worker(&self);
}

/* A new process, which does some of what its maker had left to do. */
static vlong makes(Worker* self) {
    static char stacks[kSlots][2048] __attribute__((aligned(16)));
    static Worker first_words[kSlots];
    static const int kFlags[] = {RFNAMEG, RFENVG, RFFDG,  RFNOTEG, RFMEM,  RFNOWAIT, RFCNAMEG,
                                 RFCENVG, RFCFDG, RFREND, RFNOMNT, RFSTOP, RFPPWAIT, RFFDG};
    int flags = one_in(self, 8) ? 0 : RFPROC;
    for (int i = draw(self, 5); i > 0; --i) flags |= PICK(self, kFlags);
    if (one_in(self, 16)) flags |= (int)number(self) & ~RFTHREAD;
    const int most = self->steps * (int)draw(self, kShares) / kShares;
    const uvlong random = self->random;
    if ((flags & RFPROC) == 0) return rfork(flags);
    if (common->live >= kFamily || most <= 0) return 0;
    self->steps -= most;
    common->live += 1;
    common->made += 1;
    if (one_in(self, 6)) {
        const uint slot = draw(self, kSlots);
        first_words[slot] = (Worker){random, most};
        return thread_create(thread, &first_words[slot], stacks[slot] + sizeof stacks[slot]);
    }
    const int pid = rfork(flags);
    if (pid == 0) {
        self->random = random ^ 0x9e3779b97f4a7c15;
        self->steps = most;
    }
    if (pid > 0 && (flags & RFSTOP) != 0 && !one_in(self, 4)) {
        char file[32];
        snprint(file, sizeof file, "/proc/%d/ctl", pid);
        const int fd = open(file, OWRITE);
        write(fd, "start", 5);
        close(fd);
    }
    return pid;
}

/* This program again, with what is left to do; now and then what is no program. */
static vlong executes(Worker* self) {
    char random[24], steps[12], number_of_first[12];
    if (one_in(self, 3)) return exec(name(self), (char**)address(self));
    snprint(random, sizeof random, "%llud", self->random);
    snprint(steps, sizeof steps, "%d", self->steps);
    snprint(number_of_first, sizeof number_of_first, "%d", first);
    return exec("/bin/stress", (char*[]){"stress", "-", random, steps, number_of_first, nil});
}

static void step(Worker* self) {
    typedef vlong Step(Worker*);
    static Step* const kSteps[] = {files,  files,    files,    data,     data,   data,
                                   pipes,  memory,   memory,   memory,   names,  makes,
                                   makes,  meetings, meetings, says,     says,   itself,
                                   itself, anything, anything, anything, touches};
    Step* const next = one_in(self, 60) ? executes : PICK(self, kSteps);
    common->calls += 1;
    if (next(self) == -1) common->failed += 1;
}

/* Faults end a worker; all other notes were sent by one. */
static void handler(void* registers, char* text) {
    USED(registers);
    common->notes += 1;
    noted(strncmp(text, "sys: trap", 9) == 0 ? NDFLT : NCONT);
}

static void worker(Worker* self) {
    notify(handler);
    brk_(heap + kPage);
    while (self->steps-- > 0) step(self);
    _exits("");
}

/*
 * The first process.
 */
static int tell(const char* process, const char* file, const char* text) {
    char path[48];
    snprint(path, sizeof path, "/proc/%s/%s", process, file);
    const int fd = open(path, OWRITE);
    if (fd < 0) return -1;
    const long wrote = write(fd, text, strlen(text));
    close(fd);
    return wrote < 0 ? -1 : 0;
}

/* How many descendants there are; `visit` is called for each. */
static int family(void (*visit)(const char* process)) {
    static uchar records[8192];
    static char texts[512];
    const int proc = open("/proc", OREAD);
    if (proc < 0) sysfatal("/proc: %r");
    int count = 0;
    for (;;) {
        const long bytes = read(proc, records, sizeof records);
        if (bytes < 0) sysfatal("/proc: %r");
        if (bytes == 0) break;
        Dir entry;
        for (long at = 0; at < bytes;) {
            const uint used = convM2D(records + at, bytes - at, &entry, texts);
            if (used == 0) sysfatal("/proc holds what is no record");
            at += used;
            if (!is_descendant(entry.name)) continue;
            ++count;
            if (visit != nil) visit(entry.name);
        }
    }
    close(proc);
    return count;
}

static void wake(const char* process) {
    tell(process, "ctl", "start");
    tell(process, "note", "interrupt");
}

static void end(const char* process) { tell(process, "ctl", "kill"); }

static void end_all(void) {
    for (int left = kEndPolls; family(end) > 0; --left) {
        if (left == 0) sysfatal("a process that does not end");
        sleep(kPollMs);
    }
}

static void begin(uvlong random, int steps) {
    const int pid = rfork(RFPROC | RFNOWAIT | RFFDG | RFNAMEG | RFENVG | RFNOTEG | RFREND);
    if (pid != 0) return;
    const int null = open("/dev/null", ORDWR);
    for (int fd = 0; fd < 3; ++fd) dup(null, fd);
    close(null);
    Worker self = {random, steps};
    worker(&self);
}

static void keep_going(uvlong seed, int processes, int steps) {
    const vlong enough = nsec() + kSeconds * 1000000000ll;
    int before = -1, stalled = 0;
    while ((uint)common->calls < (uint)(processes * steps) && nsec() < enough) {
        for (int live = family(nil); live < processes; ++live) begin(seed++ << 32, steps);
        common->live = family(nil);
        sleep(kPollMs);
        stalled = common->calls == before ? stalled + 1 : 0;
        before = common->calls;
        if (stalled == kStalledPolls) family(wake);
        if (stalled == 2 * kStalledPolls) end_all();
    }
}

static void start_common(void) {
    common = segattach(0, "shared", nil, sizeof *common);
    if (common == (void*)-1) sysfatal("segattach: %r");
}

void main(int argc, char* argv[]) {
    heap = sbrk(0);
    start_common();
    if (argc == 5 && strcmp(argv[1], "-") == 0) {
        // Executed by a worker. What all share is not there any more.
        Worker self = {strtoull(argv[2], nil, 10), atoi(argv[3])};
        not_first = ~(first = atoi(argv[4]));
        common->live = kFamily - kSlots;
        worker(&self);
    }
    if (argc != 4) sysfatal("usage: stress seed processes steps");
    not_first = ~(first = getpid());
    const uvlong seed = strtoull(argv[1], nil, 10);
    keep_going(seed << 16, atoi(argv[2]), atoi(argv[3]));
    end_all();
    print("seed %llud: %ud calls, %ud failed, %ud processes made by workers, %ud notes\n", seed,
          common->calls, common->failed, common->made, common->notes);
    exits("");
}
