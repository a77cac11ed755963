// Each call with each of its arguments wild: memory that the program does not have is `bad arg in
// system call`, a note, and a line on descriptor 2; a descriptor that is not open is named;
// whatever a number is, the call comes back. The program goes on.
#include "../check.h"

/*
 * What the arguments of a call are, one letter for each:
 *   t  a text             T  the same; nil is no text
 *   r  8 bytes that it reads      w  8 bytes that it writes      s  a semaphore
 *   a  words of a program         h  a handler; nil is none
 *   f  a descriptor
 *   v z m  any number; as long as another argument is tried 0, 8, an attached segment
 *   c 0  the text `memory`, the number 0, which are not tried
 * and what it says of wrong numbers: texts between bars, "" for calls that always succeed.
 */
typedef struct {
    int number;
    const char *name, *kinds, *says;
} Row;

#define OF_sysr1 "", ""
#define OF_bind "ttv", "bad arg in system call|inconsistent mount"
#define OF_chdir "t", ""
#define OF_close "f", ""
#define OF_dup "fv", "fd out of range or not open"
#define OF_alarm "v", ""
#define OF_exec "ta", ""
#define OF_exits nil, ""
#define OF_fauth "ft", ""
#define OF_segbrk "mv", "bad arg in system call"
#define OF_open "tv", "bad arg in system call"
#define OF_oseek "fvv", "bad arg in system call|negative i/o offset"
#define OF_sleep "v", "interrupted"
#define OF_rfork "v", "bad arg in system call|bad rfork flags"
#define OF_pipe "w", ""
#define OF_create "tvv", "bad arg in system call|file already exists: '/dev/null'"
#define OF_fd2path "fwz", "bad arg in system call"
#define OF_brk_ "v", "bad arg in system call|segments overlap"
#define OF_remove "t", ""
#define OF_notify "h", ""
#define OF_noted nil, ""
#define OF_segattach \
    "vcvz", "bad arg in system call|segments overlap|virtual memory allocation failed"
#define OF_segdetach "v", "bad arg in system call"
#define OF_segfree "mv", "bad arg in system call"
#define OF_segflush "mv", "bad arg in system call"
#define OF_rendezvous "vv", "no text"
#define OF_unmount "Tt", ""
#define OF_semacquire "sv", "interrupted"
#define OF_semrelease "sv", "bad arg in system call"
#define OF_seek "fvv", "bad arg in system call|negative i/o offset"
#define OF_fversion "fvwz", "bad arg in system call|no file servers here: 9P is not spoken"
#define OF_errstr "wz", "bad arg in system call"
#define OF_stat "twz", "bad arg in system call|stat buffer too small"
#define OF_fstat "fwz", "bad arg in system call|stat buffer too small"
#define OF_wstat "trz", "bad arg in system call|stat buffer too small"
#define OF_fwstat "frz", "bad arg in system call|stat buffer too small"
#define OF_mount                                             \
    "fv0vt",                                                 \
        "bad arg in system call|fd out of range or not open" \
        "|no file servers here: 9P is not spoken"
#define OF_await "wz", "bad arg in system call|no living children"
#define OF_pread "fwzv", "bad arg in system call|negative i/o offset"
#define OF_pwrite "frzv", "bad arg in system call|negative i/o offset"
#define OF_tsemacquire "sv", "interrupted"
#define OF_nsec "", ""
#define OF_getpid "", ""

/* All there are: a call without a description does not compile. */
static const Row kRows[] = {
#define SYSCALL(number, name, function) {number, #name, OF_##name},
#include "syscalls.def"
#undef SYSCALL
};

/* Where nothing is: below the program, about the stack, beyond user memory, the kernel's. */
static const uvlong kNowhere[] = {0,
                                  1,
                                  7,
                                  0xfff,
                                  0x3effffff,
                                  0x40000000,
                                  0x80200000,
                                  0x3ffffffff9,
                                  0x3fffffffff,
                                  0x4000000000,
                                  1ull << 63,
                                  0xffffffbfffffffff,
                                  0xffffffc000000000,
                                  0xffffffc080200000,
                                  0xffffffffffff0000,
                                  0xfffffffffffffff8,
                                  0xffffffffffffffff};

/* Of no descriptor, in what an int has of them, and of no use otherwise. */
static const uvlong kNumbers[] = {
    0xfff,      0x10001,      0x7fffffff,   0x80000000,           0x80200000,         0xfffffffe,
    0xffffffff, 0x3fffffffff, 0x4001000000, 1ull << 63 | 0xfffff, 0xffffffc080200000, ~0ull};

enum { kPatience = 3 };  // milliseconds that a call may wait

static char buffer[8192] __attribute__((aligned(16)));
static char* segment;
static int null, told[2];

static int is_in(char kind, const char* kinds) { return strchr(kinds, kind) != nil; }

/* What the call is given where no other value is tried. */
static uvlong good(char kind) {
    static char* words[] = {"x", nil};
    static char name[] = "/dev/null", memory[] = "memory";
    switch (kind) {
        case 't':
        case 'T':
            return (uintptr)name;
        case 'c':
            return (uintptr)memory;
        case 'a':
            return (uintptr)words;
        case 'h':
            return 0;
        case 'f':
            return null;
        case 'm':
            return (uintptr)segment;
        case 'z':
            return 8;
        case '0':
        case 'v':
            return 0;
        default:
            return (uintptr)buffer;
    }
}

static volatile int bad_addresses, is_waiting;

static void handler(void* registers, char* text) {
    USED(registers);
    if (strncmp(text, "sys: bad address in syscall pc=0x", 33) == 0) {
        ++bad_addresses;
        noted(NCONT);
    }
    if (strcmp(text, "alarm") != 0) noted(NDFLT);
    // It may have come before the call began to wait.
    if (is_waiting) alarm(kPatience);
    noted(NCONT);
}

static int waits(const Row* row) {
    return strcmp(row->says, "interrupted") == 0 || row->number == CALL_rendezvous;
}

/* Calls with `value` as argument `which`, if it has so many; the others are good, or no use. Says
 * in `why` what it answers with -1, or if it says nothing "no text". */
static long call(const Row* row, usize which, uvlong value, char why[ERRMAX]) {
    uvlong arguments[6];
    for (usize i = 0; i < nelem(arguments); ++i) {
        const int used = i < strlen(row->kinds);
        arguments[i] = used ? good(row->kinds[i]) : kNumbers[i];
    }
    if (which < nelem(arguments)) arguments[which] = value;
    memset(buffer, 0, sizeof buffer);
    strcpy(why, "no text");
    errstr(why, ERRMAX);
    is_waiting = waits(row);
    if (is_waiting) alarm(kPatience);
    const long result = raw_call(row->number, arguments);
    is_waiting = 0;
    alarm(0);
    errstr(why, ERRMAX);
    return result;
}

/* What a call made, or changed, that is in the way of the next. */
static void undo(const Row* row, long result) {
    switch (row->number) {
        case CALL_open:
        case CALL_create:
        case CALL_dup:
            close(result);
            break;
        case CALL_segattach:
            segdetach((void*)result);
            break;
        case CALL_segbrk:
            segbrk(segment, segment + 4096);
            break;
        case CALL_brk_:
            brk(sbrk(0));
            break;
        case CALL_bind:
            unmount(nil, "/dev/null");
            break;
    }
}

#define CHECK_CALL(what) \
    ((what) ? (void)0    \
            : fail("%s %d 0x%llx: %s: %ld %s", row->name, (int)which, value, #what, result, why))

/* One line on descriptor 2, of this process and of what is wrong. */
static void check_told(const Row* row) {
    char line[200], wanted[64];
    alarm(10000);
    const long size = read(told[0], line, sizeof line - 1);
    alarm(0);
    if (size <= 0) fail("%s says nothing", row->name);
    line[size] = '\0';
    snprint(wanted, sizeof wanted, "every_call %d: sys: bad address in syscall pc=0x", getpid());
    if (strncmp(line, wanted, strlen(wanted)) != 0 || strchr(line, '\n') != line + size - 1) {
        fail("%s says %s", row->name, line);
    }
}

static void try_memory(const Row* row, usize which, uvlong value) {
    char why[ERRMAX];
    const int before = bad_addresses;
    const long result = call(row, which, value, why);
    CHECK_CALL(result == -1);
    CHECK_CALL(strcmp(why, "bad arg in system call") == 0);
    CHECK_CALL(bad_addresses == before + 1);
    check_told(row);
}

static void try_descriptor(const Row* row, usize which, uvlong value) {
    char why[ERRMAX];
    const int before = bad_addresses;
    const long result = call(row, which, value, why);
    CHECK_CALL(result == -1);
    CHECK_CALL(strcmp(why, "fd out of range or not open") == 0);
    CHECK_CALL(bad_addresses == before);
}

static int one_of(const char* text, const char* texts) {
    const usize length = strlen(text);
    for (const char* at = texts; (at = strstr(at, text)) != nil; ++at) {
        if ((at == texts || at[-1] == '|') && (at[length] == '|' || at[length] == '\0')) return 1;
    }
    return 0;
}

static void try_number(const Row* row, usize which, uvlong value) {
    char why[ERRMAX];
    const int before = bad_addresses;
    const long result = call(row, which, value, why);
    if (result != -1) {
        CHECK_CALL(row->number == CALL_errstr || strcmp(why, "no text") == 0);
        undo(row, result);
    } else {
        CHECK_CALL(one_of(why, row->says));
    }
    // Only a number that is too large for the memory that it is about is told so.
    CHECK_CALL(bad_addresses - before <= (strcmp(why, "bad arg in system call") == 0));
    if (bad_addresses > before) check_told(row);
}

static void try_row(const Row* row) {
    for (usize which = 0; which < strlen(row->kinds); ++which) {
        const char kind = row->kinds[which];
        for (usize i = 0; i < nelem(kNowhere) && is_in(kind, "tTrwsah"); ++i) {
            if (kNowhere[i] != 0 || !is_in(kind, "Th")) try_memory(row, which, kNowhere[i]);
        }
        // There is memory, but not for writing.
        if (is_in(kind, "ws")) try_memory(row, which, 0x10000);
        if (kind == 's') try_memory(row, which, (uintptr)buffer + 2);
        for (usize i = 0; i < nelem(kNumbers) && kind == 'f'; ++i) {
            try_descriptor(row, which, kNumbers[i]);
        }
        for (usize i = 0; i < nelem(kNowhere) && is_in(kind, "vzm"); ++i) {
            try_number(row, which, kNowhere[i]);
        }
        for (usize i = 0; i < nelem(kNumbers) && is_in(kind, "vzm"); ++i) {
            try_number(row, which, kNumbers[i]);
        }
    }
    if (row->kinds[0] == '\0') {
        for (usize i = 0; i < 8; ++i) {
            char why[ERRMAX];
            if (call(row, i, kNowhere[i], why) < 0) fail("%s: %s", row->name, why);
        }
    }
}

/*
 * Calls that end their caller.
 */
static uvlong wild[6];

static void exits_with(void) { raw_call(CALL_exits, wild); }
static void notes_with(void) { raw_call(CALL_noted, wild); }
static void reads_with(void) { stat((char*)wild[0], (uchar*)buffer, sizeof buffer); }

static void try_ends(void) {
    for (usize i = 0; i < nelem(kNowhere); ++i) {
        wild[0] = kNowhere[i];
        DIES(exits_with, wild[0] == 0 ? "" : "invalid exit string");
        DIES(notes_with, "Suicide");
        DIES(reads_with, "sys: bad address in syscall pc=0x*");
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    try_ends();
    null = open("/dev/null", ORDWR);
    CHECK(null >= 0 && pipe(told) == 0);
    segment = segattach(0, "memory", (void*)(uintptr)0x200000000, 4096);
    CHECK(segment != (void*)-1);
    SAME(dup(told[1], 2), 2);
    CHECK(notify(handler) == 0);
    for (usize i = 0; i < nelem(kRows); ++i) {
        if (kRows[i].kinds != nil) try_row(&kRows[i]);
    }
    exits("");
}
