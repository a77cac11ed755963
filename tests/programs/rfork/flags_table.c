// rfork() with each of the 32768 combinations of its flags: refused with the text that the rules
// demand, or done, and then the child, or without RFPROC the caller, sees what the flags leave it.
#include "../check.h"

static const int kFlags[] = {RFNAMEG, RFENVG,   RFFDG,    RFNOTEG,  RFPROC,
                             RFMEM,   RFNOWAIT, RFCNAMEG, RFCENVG,  RFCFDG,
                             RFREND,  RFNOMNT,  RFTHREAD, RFPPWAIT, RFSTOP};
static const char kBadArg[] = "bad arg in system call", kBadFlags[] = "bad rfork flags";

/* What a process sees of its maker's things, as bits. */
enum {
    SEES_FD = 1,
    SEES_VARIABLE = 2,
    SEES_NAMES = 4,
    SEES_DEVICES = 8,
    SEES_GROUP = 16,
    SEES_ALL = 31,
    DID_LOOK = 32,
};

static int fd;
static int group;
static volatile int* seen;  // what a child saw

/*
 * The rules.
 */
static int has(int flags, int all) { return (flags & all) == all; }

/* The flags contradict each other. */
static int contradict(int flags) {
    return has(flags, RFFDG | RFCFDG) || has(flags, RFNAMEG | RFCNAMEG) ||
           has(flags, RFENVG | RFCENVG);
}
/* Flags of Plan 9 need a process that is not made. */
static int lacks_process(int flags) {
    return (flags & RFPROC) == 0 && (flags & (RFMEM | RFNOWAIT)) != 0;
}
/* Procyon's own are used as they may not be. */
static int misuses_own(int flags) {
    if ((flags & RFPROC) == 0 && (flags & (RFTHREAD | RFPPWAIT | RFSTOP)) != 0) return 1;
    if ((flags & RFMEM) == 0 && (flags & (RFTHREAD | RFPPWAIT)) != 0) return 1;
    return has(flags, RFPPWAIT | RFSTOP);
}
static int is_refused(int flags) {
    return contradict(flags) || lacks_process(flags) || misuses_own(flags);
}

static int expected(int flags) {
    int sees = SEES_ALL;
    if (flags & RFCFDG) sees &= ~SEES_FD;
    if (flags & RFCENVG) sees &= ~SEES_VARIABLE;
    if (flags & RFCNAMEG) sees &= ~SEES_NAMES;
    if (flags & RFNOMNT) sees &= ~SEES_DEVICES;
    if (flags & RFNOTEG) sees &= ~SEES_GROUP;
    return sees;
}

/*
 * What is so. Nothing of this writes to data, which a child may have in common with its maker.
 */
static int opens(const char* name) {
    const int file = open(name, OREAD);
    if (file < 0) return 0;
    close(file);
    return 1;
}

static int group_of(int pid) {
    char text[32] = "";
    snprint(text, sizeof text, "#p/%d/noteid", pid);
    const int file = open(text, OREAD);
    const long size = read(file, text, sizeof text - 1);
    close(file);
    text[size < 0 ? 0 : size] = '\0';
    return atoi(text);
}

static int look(void) {
    return (read(fd, nil, 0) == 0 ? SEES_FD : 0) | (opens("#e/flags_table") ? SEES_VARIABLE : 0) |
           (opens("/tmp/echo") ? SEES_NAMES : 0) | (opens("#s") ? SEES_DEVICES : 0) |
           (group_of(getpid()) == group ? SEES_GROUP : 0);
}

/* rfork(), but a child ends at once if it is not to look, or has its maker's stack. */
static long call(int flags, int looks) {
    const long ends = !looks || (flags & RFTHREAD) != 0;
    register long a0 __asm__("a0") = flags;
    register long a7 __asm__("a7") = CALL_rfork;
    __asm__ volatile(
        "ecall\n\t"
        "bnez a0, 1f\n\t"
        "beqz %2, 1f\n\t"
        "li a7, %3\n\t"
        "ecall\n"
        "1:"
        : "+r"(a0), "+r"(a7)
        : "r"(ends), "i"(CALL_exits)
        : "a1", "a2", "a3", "a4", "a5", "a6", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
    return a0;
}

#define CHECK_FLAGS(what) ((what) ? (void)0 : fail("flags 0x%x: %s: %r", flags, #what))

/* Waits for the end of one that leaves no record: later, when there are some more. */
static void is_to_go(int pid) {
    static int pids[32];
    static usize next;
    char name[32];
    int* const place = &pids[next++ % nelem(pids)];
    snprint(name, sizeof name, "/proc/%d", *place);
    if (*place != 0) EVENTUALLY(access(name, AEXIST) < 0);
    *place = pid;
}

static void refuse(int flags) {
    char text[ERRMAX] = "none";
    CHECK_FLAGS(call(flags, 0) == -1);
    errstr(text, sizeof text);
    // Contradictions are found first; which of other faults is named does not matter.
    const int named = strcmp(text, kBadArg) == 0     ? contradict(flags) || lacks_process(flags)
                      : strcmp(text, kBadFlags) == 0 ? misuses_own(flags) && !contradict(flags)
                                                     : 0;
    if (!named) fail("flags 0x%x: %s", flags, text);
}

/* With RFPROC. */
static void make(int flags) {
    // These change nothing of what it sees.
    const int looks = (flags & (RFTHREAD | RFNOWAIT | RFREND)) == 0;
    *seen = 0;
    const long pid = call(flags, looks);
    if (pid == 0) {
        *seen = look() | DID_LOOK;
        _exits("");
    }
    CHECK_FLAGS(pid > 0);
    if (flags & RFSTOP) {
        CHECK_FLAGS(*seen == 0);
        CHECK_FLAGS(control(pid, "start") == 0);
    }
    if ((flags & RFPPWAIT) && looks) CHECK_FLAGS((*seen & DID_LOOK) != 0);
    if (flags & RFNOWAIT) {
        is_to_go(pid);
    } else {
        char record[WAITTEXT] = "";
        CHECK_FLAGS(await(record, sizeof record) > 0 && atoi(record) == pid);
        CHECK_FLAGS(strstr(record, " ''") != nil);
    }
    if (looks) CHECK_FLAGS(*seen == (expected(flags) | DID_LOOK));
}

/* Without RFPROC: in a child that has a name space which it may spoil. */
static void change(int flags) {
    const int pid = rfork(RFPROC | RFFDG | RFREND | RFNAMEG | RFENVG);
    CHECK_FLAGS(pid >= 0);
    if (pid == 0) {
        CHECK_FLAGS(call(flags, 1) == 0);
        CHECK_FLAGS(look() == expected(flags));
        _exits("");
    }
    ENDS(pid, "");
}

/* All that shall be refused, or be done, with RFNOMNT or without. */
static void all(void (*act)(int flags), int refused, int process, int no_mount) {
    for (int which = 0; which < 1 << nelem(kFlags); ++which) {
        int flags = 0;
        for (usize i = 0; i < nelem(kFlags); ++i) flags |= which >> i & 1 ? kFlags[i] : 0;
        if (is_refused(flags) != refused) continue;
        if (!refused && (flags & RFPROC) != process) continue;
        if (!refused && (flags & RFNOMNT) != no_mount) continue;
        act(flags);
    }
    FAILS(waitpid(), "no living children");
}

/* A name space that is shared loses its devices for all who share it. */
static void make_without_devices(void) {
    CHECK(rfork(RFNAMEG) == 0);
    all(make, 0, RFPROC, RFNOMNT);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    fd = open("/dev/null", OREAD);
    group = group_of(getpid());
    seen = shared_memory(sizeof *seen);
    SAME(putenv("flags_table", "here"), 0);
    CHECK(bind("/bin", "/tmp", MREPL) >= 0);
    SAME(look(), SEES_ALL);
    all(refuse, 1, 0, 0);
    SAME(look(), SEES_ALL);
    all(make, 0, RFPROC, 0);
    all(change, 0, 0, 0);
    all(change, 0, 0, RFNOMNT);
    SAME(look(), SEES_ALL);
    DIES(make_without_devices, "");
    // Bits that mean nothing, in Plan 9's range and above that of ours, change nothing.
    static const int kNothing[] = {7, 8, 9, 15, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    for (usize i = 0; i < nelem(kNothing); ++i) {
        const int bit = (int)(1u << kNothing[i]);
        SAME(call(bit, 1), 0);
        make(RFPROC | RFFDG | bit);
    }
    SAME(look(), SEES_ALL);
    exits("");
}
