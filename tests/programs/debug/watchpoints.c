// Watched memory: every kind of access is made and told, what is not watched is not told, calls are
// told too, also where pages are shared with a fork or a thread.
#include "../check.h"

static vlong words[2048];  // of which some page is all ours
static volatile int go_on;

static vlong* watched(void) { return (vlong*)(((uvlong)words + 4095) & ~4095ull) + 16; }

static int watch_file(int mode) { return process_file(getpid(), "watchpt", mode); }

/* Watches `size` bytes at `at`, alone. */
static void watch(const char* type, const volatile void* at, ulong size) {
    char line[80];
    const int n = snprint(line, sizeof line, "%s 0x%llux %lud\n", type, (uvlong)at, size);
    const int fd = watch_file(OWRITE | OTRUNC);
    CHECK(fd >= 0);
    SAME(write(fd, line, n), n);
    close(fd);
}

static void watch_nothing(void) {
    const int fd = watch_file(OWRITE | OTRUNC);
    CHECK(fd >= 0);
    close(fd);
}

/* `statement` is told once as a hit of `indices`. */
#define TOLD(indices, statement)                          \
    do {                                                  \
        notes_seen = 0;                                   \
        statement;                                        \
        check_told(__LINE__, "sys: watchpoint " indices); \
    } while (0)
static void check_told(int line, const char* text) {
    const int length = strlen(text);
    if (notes_seen != 1) fail("line %d: %d notes, not 1 (%s)", line, notes_seen, last_note);
    if (strncmp(last_note, text, length) != 0 || last_note[length] != ' ') {
        fail("line %d: %s", line, last_note);
    }
}
#define UNTOLD(statement)    \
    do {                     \
        notes_seen = 0;      \
        statement;           \
        SAME(notes_seen, 0); \
    } while (0)

static void loads_and_stores(void) {
    volatile vlong* const at = watched();
    at[0] = 5;
    watch("w", at, 8);
    TOLD("0", at[0] = 7);
    UNTOLD(CHECK(at[0] == 7));
    UNTOLD(at[1] = 8);
    UNTOLD(at[-1] = 9);
    CHECK(at[1] == 8 && at[-1] == 9);
    TOLD("0", *((volatile char*)at + 7) = 1);
    UNTOLD(*((volatile char*)at + 8) = 1);
    watch("r", at, 4);
    TOLD("0", (void)at[0]);
    UNTOLD(at[0] = 6);
    UNTOLD((void)*((volatile char*)at + 4));
    TOLD("0", (void)*((volatile short*)at + 1));
    watch("-", at, 8);
    UNTOLD(at[0] = at[0] + 1);
    SAME(at[0], 7);
    watch_nothing();
    UNTOLD(at[0] = at[0] + 1);
    SAME(at[0], 8);
}

/* Accesses that are not whole, within a page and over its end: part of each lies outside. */
static void straddling(void) {
    volatile char* const end = (volatile char*)watched() - 128 + 4096;
    memset((char*)end - 16, 0, 32);
    watch("rw", end, 1);
    for (int before = 1; before < 8; ++before) {
        const uvlong value = 0x0102030405060708ull * before;
        volatile uvlong* const at = (volatile uvlong*)(end - before);
        uvlong seen = 0;
        TOLD("0", asm volatile("sd %1, 0(%0)" ::"r"(at), "r"(value) : "memory"));
        TOLD("0", asm volatile("ld %0, 0(%1)" : "=r"(seen) : "r"(at) : "memory"));
        CHECK(seen == value);
    }
    watch("rw", end - 1, 1);
    TOLD("0", asm volatile("sw %1, 0(%0)" ::"r"(end - 2), "r"(0x55667788) : "memory"));
    int half = 0;
    TOLD("0", asm volatile("lw %0, 0(%1)" : "=r"(half) : "r"(end - 3) : "memory"));
    SAME(half & 0xffffff00, 0x66778800);
}

static void atomics(void) {
    volatile vlong* const at = watched();
    vlong old = 0;
    at[0] = 40;
    watch("w", at, 8);
    TOLD("0", asm volatile("amoadd.d.aqrl %0, %2, (%1)"
                           : "=r"(old)
                           : "r"(at), "r"(2ll)
                           : "memory"));
    SAME(old, 40);
    SAME(at[0], 42);
    TOLD("0", asm volatile("amomax.w %0, %2, (%1)" : "=r"(old) : "r"(at), "r"(50ll) : "memory"));
    SAME(at[0], 50);
    // A load-reserved that is followed by its store-conditional, which succeeds; then one that is
    // not, which fails and stores nothing.
    vlong failed = 1;
    TOLD("0", asm volatile("lr.d %0, (%2)\n addi %0, %0, 1\n sc.d %1, %0, (%2)"
                           : "=&r"(old), "=&r"(failed)
                           : "r"(at)
                           : "memory"));
    SAME(failed, 0);
    SAME(at[0], 51);
    UNTOLD(asm volatile("sc.d %0, %2, (%1)" : "=&r"(failed) : "r"(at), "r"(9ll) : "memory"));
    SAME(failed, 1);
    SAME(at[0], 51);
    watch("r", at, 8);
    TOLD("0", asm volatile("lr.w %0, (%1)" : "=r"(old) : "r"(at) : "memory"));
    SAME(old, 51);
}

void store_compressed(vlong* at, vlong value);
vlong load_compressed(vlong* at);
vlong load_word_compressed(vlong* at);
__asm__(
    ".pushsection .text\n"
    "store_compressed:\n c.sd a1, 8(a0)\n ret\n"
    "load_compressed:\n c.ld a0, 8(a0)\n ret\n"
    "load_word_compressed:\n c.lw a0, 12(a0)\n ret\n"
    ".popsection\n");

static void compressed(void) {
    vlong* const at = watched();
    watch("w", at + 1, 8);
    TOLD("0", store_compressed(at, 0x1122334455667788));
    watch("r", at + 1, 8);
    TOLD("0", SAME(load_compressed(at), 0x1122334455667788));
    TOLD("0", SAME(load_word_compressed(at), 0x11223344));
}

/* A stack that is watched while one lives on it: notes and their frames work. */
static void own_stack(void) {
    volatile vlong local = 1;
    watch("w", &local, 8);
    TOLD("0", local = 2);
    TOLD("0", local = local + 1);
    SAME(local, 3);
    watch_nothing();  // or handlers that come to lie there would be told of themselves
}

/* What calls do to memory is told at their end. */
static void by_calls(void) {
    char* const at = (char*)watched();
    int fds[2];
    CHECK(pipe(fds) >= 0);
    watch("w", at + 2, 1);
    TOLD("0", SAME(write(fds[1], "abcdef", 6), 6); SAME(read(fds[0], at, 6), 6));
    CHECK(memcmp(at, "abcdef", 6) == 0);
    UNTOLD(SAME(write(fds[1], at, 2), 2); SAME(read(fds[0], at, 2), 2));
    watch("r", at, 8);
    TOLD("0", SAME(write(fds[1], at, 2), 2));
    strcpy(at, "/dev/null");
    TOLD("0", close(open(at, OREAD)));
    // One that fails at an address before it has touched nothing.
    char* const page = segattach(0, "memory", (void*)0x30000000, 4096);
    CHECK(page == (char*)0x30000000);
    watch("rw", page, 8);
    notes_seen = 0;
    SAME(write(fds[1], page - 4, 8), -1);
    SAME(notes_seen, 1);
    CHECK(strncmp(last_note, "sys: bad address in syscall", 27) == 0);
    watch_nothing();
    SAME(segdetach(page), 0);
    close(fds[0]);
    close(fds[1]);
}

static void many(void) {
    volatile vlong* const at = watched();
    char lines[64 * 42 + 64], *end = lines;
    for (int i = 0; i < 64; ++i) {
        end += snprint(end, 64, "w 0x%llux 8\n", (uvlong)(at + i / 32));
    }
    const int fd = watch_file(ORDWR | OTRUNC);
    SAME(write(fd, lines, end - lines), end - lines);
    FAILS(pwrite(fd, "r 0 1\n", 6, 1), "too many watchpoints");
    notes_seen = 0;
    at[1] = 1;
    CHECK(notes_seen == 1 && strncmp(last_note, "sys: watchpoint 32,33,34,", 24) == 0);
    char read_back[64 * 42 + 1];
    SAME(pread(fd, read_back, sizeof read_back, 0), 64 * 42);
    char first[64];
    snprint(first, sizeof first, "-w- 0x%016llux 0x%016llux\n", (uvlong)at, 8ull);
    CHECK(strncmp(read_back, first, 42) == 0);
    // What is written over the beginning replaces all.
    SAME(pwrite(fd, "rw 16 2\n\nr 0x20 010\n", 20, 0), 20);
    SAME(pwrite(fd, "- 0 0\nignored", 13, 20), 13);
    const int n = pread(fd, read_back, sizeof read_back, 0);
    read_back[n] = 0;
    CHECK(strcmp(read_back,
                 "rw- 0x0000000000000010 0x0000000000000002\n"
                 "r-- 0x0000000000000020 0x0000000000000008\n"
                 "--- 0x0000000000000000 0x0000000000000000\n") == 0);
    Dir* dir = dirfstat(fd);
    CHECK(dir != nil && dir->length == 3 * 42);
    free(dir);
    close(fd);
}

static void bad_lines(void) {
    const int fd = watch_file(ORDWR | OTRUNC);
    const struct {
        const char *line, *error;
    } bad[] = {
        {"r 0 1\nrr 0 1\n", "invalid type"},
        {"q 0 1\n", "invalid type"},
        {"x 0 4\n", "execution is watched by breakpoints"},
        {"r 0\n", "wrong number of fields"},
        {"r 0 1 2\n", "wrong number of fields"},
        {"r 0x4000000000 1\n", "bad address"},
        {"r 0x3fffffffff 2\n", "bad address"},
        {"r 1 0xffffffffffffffff\n", "bad address"},
        {"r -1 1\n", "invalid address"},
        {"r zz 1\n", "invalid address"},
        {"r 0 zz\n", "invalid length"},
    };
    SAME(write(fd, "w 0x100 1\n", 10), 10);
    for (ulong i = 0; i < nelem(bad); ++i) {
        FAILS(pwrite(fd, bad[i].line, strlen(bad[i].line), 0), bad[i].error);
    }
    char line[300];
    memset(line, 'r', sizeof line);
    line[sizeof line - 1] = '\n';
    FAILS(pwrite(fd, line, sizeof line, 0), "line too long");
    char text[64];
    SAME(pread(fd, text, sizeof text, 0), 42);  // as it was
    FAILS(watch_file(OREAD | OTRUNC), "permission denied*");
    close(fd);
    watch_nothing();
}

/* A fork has none of its own, and sees what it saw; an exec drops them. */
static void forked(void) {
    volatile vlong* const at = watched();
    at[0] = 3;
    watch("rw", at, 8);
    notes_seen = 0;
    const int pid = fork();
    if (pid == 0) {
        char text[64];
        const int fd = watch_file(OREAD);
        if (read(fd, text, sizeof text) != 0) _exits("watched");
        at[0] = at[0] + 1;
        if (at[0] != 4 || notes_seen != 0) _exits("told");
        _exits("");
    }
    ENDS(pid, "");
    TOLD("0", CHECK(at[0] == 3));
    const int executed = fork();
    if (executed == 0) {
        watch("rw", watched(), 8);
        exec("/bin/cat", (char*[]){"cat", "/proc/self/watchpt", nil});
        _exits("exec");
    }
    ENDS(executed, "");
}

/* Threads share the memory, and are told of their own. */
static volatile vlong* shared;
static volatile int thread_told;
static void tell_thread(void* registers, char* text) {
    USED(registers), USED(text);
    thread_told = 1;
    noted(NCONT);
}
static void threads(void) {
    shared = shared_memory(4096);
    watch("w", shared, 8);
    const int pid = rfork(RFPROC | RFMEM);
    if (pid == 0) {
        notify(tell_thread);
        for (int i = 0; i < 100; ++i) {
            vlong old;
            asm volatile("amoadd.d %0, %2, (%1)" : "=r"(old) : "r"(shared), "r"(1ll) : "memory");
        }
        _exits(thread_told ? "told" : "");
    }
    notes_seen = 0;
    for (int i = 0; i < 100; ++i) {
        vlong old;
        asm volatile("amoadd.d %0, %2, (%1)" : "=r"(old) : "r"(shared), "r"(1ll) : "memory");
    }
    ENDS(pid, "");
    SAME(notes_seen, 100);
    SAME(shared[0], 200);
}

/* Nobody watches who is private, nor did before. */
static void hidden(void) {
    watch("w", watched(), 8);
    const int fd = watch_file(ORDWR);
    SAME(control(getpid(), "private"), 0);
    UNTOLD(*(volatile vlong*)watched() = 1);
    FAILS(pwrite(fd, "w 0 1\n", 6, 0), "permission denied");
    FAILS(watch_file(OREAD), "permission denied*");
    _exits("private");
}

/* Without a handler it is the end. */
static void unhandled(void) {
    notify(nil);
    watch("w", watched(), 8);
    *(volatile vlong*)watched() = 1;
}

/* Its debugger sees it stopped behind the access. */
static void under_a_debugger(void) {
    const int pid = rfork(RFPROC | RFFDG | RFSTOP);
    if (pid == 0) {
        notify(nil);
        *(volatile vlong*)watched() = 11;
        go_on = 1;
        *(volatile vlong*)watched() = 22;
        _exits(*(volatile vlong*)watched() == 22 ? "both" : "lost");
    }
    SAME(control(pid, "waitstop"), 0);
    const int watchpt = process_file(pid, "watchpt", OWRITE | OTRUNC);
    char line[80], text[ERRMAX];
    const int length = snprint(line, sizeof line, "w %llud 8\n", (uvlong)watched());
    SAME(write(watchpt, line, length), length);
    const int note = process_file(pid, "note", OREAD);
    const int mem = process_file(pid, "mem", OREAD);
    for (int i = 1; i <= 2; ++i) {
        SAME(control(pid, "startstop"), 0);
        CHECK(read(note, text, sizeof text) > 0);
        CHECK(strcmp(text, "sys: watchpoint 0") == 0);
        vlong now;
        SAME(pread(mem, &now, sizeof now, (uvlong)watched()), sizeof now);
        SAME(now, i * 11);
    }
    SAME(control(pid, "start"), 0);
    ENDS(pid, "both");
    FAILS(write(watchpt, "w 0 1\n", 6), "process exited");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    notify(count_notes);
    loads_and_stores();
    straddling();
    atomics();
    compressed();
    own_stack();
    by_calls();
    many();
    bad_lines();
    forked();
    threads();
    under_a_debugger();
    DIES(hidden, "private");
    DIES(unhandled, "sys: watchpoint 0*");
    exits("");
}
