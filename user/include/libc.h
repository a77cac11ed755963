// The library: system calls, texts, memory, output, processes, directories. All names are those
// that Plan 9 has; what Procyon's programs use beyond them is in procyon.h.
#ifndef PROCYON_LIBC_H
#define PROCYON_LIBC_H

#include "abi.h"
#include "u.h"

#define nelem(array) (sizeof(array) / sizeof((array)[0]))
/* Up to eight variables, which count as used, or as set. */
#define USED(...) _USED(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1)(__VA_ARGS__)
#define SET(...) ((void)0)
#define _USED(a, b, c, d, e, f, g, h, count, ...) _USED##count
#define _USED1(a) ((void)(a))
#define _USED2(a, ...) (_USED1(a), _USED1(__VA_ARGS__))
#define _USED3(a, ...) (_USED1(a), _USED2(__VA_ARGS__))
#define _USED4(a, ...) (_USED1(a), _USED3(__VA_ARGS__))
#define _USED5(a, ...) (_USED1(a), _USED4(__VA_ARGS__))
#define _USED6(a, ...) (_USED1(a), _USED5(__VA_ARGS__))
#define _USED7(a, ...) (_USED1(a), _USED6(__VA_ARGS__))
#define _USED8(a, ...) (_USED1(a), _USED7(__VA_ARGS__))
#define assert(holds) ((holds) ? (void)0 : _assert(#holds))
void _assert(const char* what) __attribute__((noreturn)); /* says it, and aborts */

typedef struct Tos Tos;
typedef struct Ureg Ureg;

enum {
    IOUNIT = 32768,  /* as much as is usual to read at once */
    STATMAX = 65535, /* a stat record is not longer */
    DIRMAX = STATMAX + 128,
};

/*
 * Some functions take either of two types: what Plan 9's programs give, and what is more exact.
 */
typedef union {
    int (*exact)(const void*, const void*);
    int (*plain)(void*, void*);
} _Compare __attribute__((transparent_union));
/* A semaphore has 32 bits; in a long it is the lower half. */
typedef union {
    int* exact;
    long* plain;
} _Semaphore __attribute__((transparent_union));

/*
 * System calls (lib/syscall.S). Those that return int or long return -1 when they fail, and
 * errstr() and %r say why.
 */
int sysr1(void);
int bind(const char* source, const char* target, int flags);
int unmount(const char* source, const char* target);
/* No file server can be mounted: these say what is wrong with their arguments, or that. */
int mount(int fd, int auth_fd, const char* target, int flags, const char* spec);
int fauth(int fd, const char* spec);
int fversion(int fd, int message_size, char* version, int room);
int chdir(const char* name);
int open(const char* name, int mode);
int create(const char* name, int mode, ulong permissions);
int close(int fd);
int dup(int from, int to);
int pipe(int fds[2]);
long pread(int fd, void* buffer, long size, vlong offset);
long pwrite(int fd, const void* buffer, long size, vlong offset);
vlong seek(int fd, vlong offset, int from);
vlong oseek(int fd, int offset, int from);
int fd2path(int fd, char* buffer, int size);
int remove(const char* name);
int stat(const char* name, uchar* record, int size);
int fstat(int fd, uchar* record, int size);
int wstat(const char* name, const uchar* record, int size);
int fwstat(int fd, const uchar* record, int size);
int errstr(char* buffer, uint size);

int rfork(int flags);
int exec(const char* name, char* const argv[]);
int await(char* buffer, int size);
void _exits(const char* status) __attribute__((noreturn));
int sleep(long milliseconds);
long alarm(ulong milliseconds);
int notify(void (*handler)(void*, char*)); /* the first argument is a Ureg* */
int noted(int how);
void* rendezvous(void* tag, void* value);
int semacquire(_Semaphore, int block);
int tsemacquire(_Semaphore, ulong milliseconds);
int semrelease(_Semaphore, int count);
vlong nsec(void);

int brk_(void* end);
void* segattach(int attributes, const char* class, void* at, usize size);
int segdetach(void* at);
int segfree(void* at, usize size);
int segflush(void* at, usize size);
void* segbrk(void* segment, void* end);

/* read() and write() are at the descriptor's own offset. */
long read(int fd, void* buffer, long size);
long readn(int fd, void* buffer, long size);
long write(int fd, const void* buffer, long size);
typedef struct IOchunk {
    void* addr;
    ulong len;
} IOchunk;
long readv(int fd, IOchunk* chunks, int count); /* one read, which is then spread; one write */
long writev(int fd, IOchunk* chunks, int count);
long preadv(int fd, IOchunk* chunks, int count, vlong offset);
long pwritev(int fd, IOchunk* chunks, int count, vlong offset);
int iounit(int fd); /* the most that one read or write of it moves as one; 0: nobody says */
int access(const char* name, int mode); /* AEXIST ...: 0 if it may be done */
enum { AEXIST = 0, AEXEC = 1, AWRITE = 2, AREAD = 4 };

/*
 * The process. The program's is main(argc, argv); returning from it is exits("main").
 */
extern char* argv0; /* what the program was called; in sysfatal()'s text */
extern Tos* _tos;

void exits(const char* status) __attribute__((noreturn)); /* nil and "" are success */
int atexit(void (*function)(void));                       /* 0 if there is no room */
void atexitdont(void (*function)(void));
void sysfatal(const char* format, ...) __attribute__((noreturn));
void perror(const char* text); /* text and the error string on descriptor 2 */
void abort(void) __attribute__((noreturn));

int fork(void);
int execl(const char* name, ...); /* words, then nil */
/* Runs fn(arg) on another stack as a process that shares all memory; its exit ends that process
 * only. */
int thread_create(void (*fn)(void*), void* arg, void* stack_top);
int getpid(void);
int getppid(void);
char* getuser(void);
char* sysname(void);
void procsetname(const char* format, ...); /* what args of /proc says */
void** privalloc(void); /* a word that each process has for itself; nil: there is none left */

typedef struct Waitmsg {
    int pid;
    ulong time[3]; /* user, system, real, in milliseconds */
    char* msg;     /* "" or nil-like is success */
} Waitmsg;
Waitmsg* wait(void); /* of a child that exited; free() it. nil: there is none, or a note came */
int waitpid(void);

enum { PNPROC = 1, PNGROUP = 2 };
int postnote(int whom, int pid, char* note);
/* Adds a handler (or takes it away); the first that returns non-zero has handled the note. */
int atnotify(int (*handler)(void*, char*), int in);

int setjmp(jmp_buf) __attribute__((returns_twice));
void longjmp(jmp_buf, int value) __attribute__((noreturn));
void notejmp(void* registers, jmp_buf, int value); /* longjmp() out of a note handler */
#define getcallerpc(first_argument) ((uintptr)__builtin_return_address(0))

char* getenv(
    const char* name); /* malloc'ed; the words of a list have blanks between them. nil: not set */
int putenv(const char* name, const char* value);
char* getwd(char* buffer, int size);
char* mktemp(char* name); /* the Xs at its end become a name that no file has */
/* Adds a line to the end of /sys/log/LOG, and prints it on the console, if asked for or if there is
 * no log. */
void syslog(int console, const char* log, const char* format, ...);

/*
 * Time. There is one zone, GMT.
 */
typedef struct Tzone Tzone;
typedef struct Tm {
    int nsec, sec, min, hour, mday, mon, year, wday, yday; /* mon from 0, year from 1900 */
    char zone[16];
    int tzoff;
    Tzone* tz;
} Tm;
typedef struct Tmfmt {
    char* fmt;
    Tm* tm;
} Tmfmt;
long time(long* seconds);
Tm* gmtime(long seconds); /* the same Tm each time */
Tm* localtime(long seconds);
char* asctime(const Tm*); /* Sat Nov 21 21:32:36 GMT 2026, newline; the same text each time */
char* ctime(long seconds);
long tm2sec(Tm*);
Tzone* tzload(const char* name); /* "GMT" and "local", which is GMT; nil: another */
Tm* tmnow(Tm*, Tzone*);
Tm* tmtime(Tm*, vlong seconds, Tzone*);
Tm* tmtimens(Tm*, vlong seconds, int nanoseconds, Tzone*);
vlong tmnorm(Tm*); /* the seconds that it says, its fields being brought into their ranges */
/* For %τ: YYYY YY MMMM MMM MM M DD D WWW WW W hh h mm m ss s ttt t ZZZ ZZ Z a A, with _ before one
 * of two digits a blank in place of a zero; [words], and other characters, are themselves. nil is
 * WW MMM _D hh:mm:ss ZZZ YYYY. */
Tmfmt tmfmt(Tm*, char* format);
void tmfmtinstall(void);
long times(long milliseconds[4]); /* user, system, and those of children; returns the real ones */
double cputime(void);             /* the first four in seconds */
void cycles(uvlong*);             /* of the clock that time is taken from */

/*
 * Arguments: ARGBEGIN { case 'n': n = atoi(EARGF(usage())); break; default: usage(); } ARGEND
 * Leaves argc and argv with what is no option.
 */
typedef struct {
    int* argc;
    char*** argv;
    char* rest; /* of a word with several flags */
    Rune flag;
} _Args;
_Args _args_begin(int* argc, char*** argv);
int _args_next(_Args*);
char* _args_value(_Args*);
#define ARGBEGIN \
    for (_Args _args = _args_begin(&argc, &argv); _args_next(&_args);) switch (_args.flag)
#define ARGEND
#define ARGC() (_args.flag)
#define ARGF() _args_value(&_args)
#define EARGF(otherwise) _earg(_args_value(&_args) ?: ((otherwise), (char*)nil))
static inline char* _earg(char* value) { return value; }

/*
 * Memory.
 */
void* malloc(usize size);
void* mallocz(usize size, int clear);
void* calloc(usize count, usize size);
void* realloc(void* block, usize size);
void free(void* block);
usize msize(void* block); /* the bytes that there are, at least what was asked for */
/* At a multiple of `align`, `offset` bytes beyond it; and if `span` is not 0, not across a multiple
 * of that. */
void* mallocalign(usize size, usize align, long offset, usize span);
/* Nobody keeps tags: setting does nothing, and all are 0. */
void setmalloctag(void* block, uintptr tag);
void setrealloctag(void* block, uintptr tag);
uintptr getmalloctag(void* block);
uintptr getrealloctag(void* block);
int brk(void* end);
void* sbrk(long increment);

void* memset(void* to, int byte, usize size);
void* memcpy(void* to, const void* from, usize size);
void* memmove(void* to, const void* from, usize size);
void* memccpy(void* to, const void* from, int last, usize size);
int memcmp(const void* a, const void* b, usize size);
void* memchr(const void* in, int byte, usize size);
void qsort(void* base, usize count, usize size, _Compare compare);

/* For processes that share memory. A Lock spins, then sleeps; the others sleep, who waits longest
 * being next. */
typedef struct Lock {
    int held;
} Lock;
void lock(Lock*);
int canlock(Lock*);
void unlock(Lock*);

typedef struct QLp QLp;
typedef struct QLock {
    Lock lock;
    int locked;
    QLp *head, *tail;
} QLock;
void qlock(QLock*);
int canqlock(QLock*);
void qunlock(QLock*);

typedef struct RWLock {
    Lock lock;
    int readers, writer;
    QLp *head, *tail;
} RWLock;
void rlock(RWLock*);
int canrlock(RWLock*);
void runlock(RWLock*);
void wlock(RWLock*);
int canwlock(RWLock*);
void wunlock(RWLock*);

typedef struct Rendez {
    QLock* l; /* to be set before it is used, and held by all who call */
    QLp *head, *tail;
} Rendez;
void rsleep(Rendez*);    /* gives the lock back while it waits */
int rwakeup(Rendez*);    /* how many it woke: 0 or 1 */
int rwakeupall(Rendez*); /* how many it woke */

long ainc(long*); /* one more, one less, at once; the new value */
long adec(long*);

/*
 * Texts.
 */
usize strlen(const char*);
int strcmp(const char*, const char*);
int strncmp(const char*, const char*, usize);
int cistrcmp(const char*, const char*); /* the case of ASCII letters does not count */
int cistrncmp(const char*, const char*, int);
char* cistrstr(const char*, const char*);
char* strcpy(char*, const char*);
char* strncpy(char*, const char*, usize);
char* strcat(char*, const char*);
char* strncat(char*, const char*, usize);
char* strecpy(char* to, char* end, const char* from); /* cut to fit; returns where the NUL is */
char* strchr(const char*, int);
char* strrchr(const char*, int);
char* strpbrk(const char*, const char* any);
usize strspn(const char*, const char* of);
usize strcspn(const char*, const char* none_of);
char* strtok(char*, const char* delimiters);
char* strstr(const char*, const char*);
char* strdup(const char*);
int tolower(int);
int toupper(int);

int abs(int);
long labs(long);
int atoi(const char*);
long atol(const char*);
vlong atoll(const char*);
long strtol(const char*, char** end, int base);
ulong strtoul(const char*, char** end, int base);
vlong strtoll(const char*, char** end, int base);
uvlong strtoull(const char*, char** end, int base);
long muldiv(long a, long b, long c); /* a * b / c, of which only the result must fit */
ulong umuldiv(ulong a, ulong b, ulong c);

enum {
    UTFmax = 4,
    Runesync = 0x80,
    Runeself = 0x80,
    Runeerror = 0xFFFD,
    Runemax = 0x10FFFF,
    Runemask = 0x1FFFFF,
};
int chartorune(Rune* rune, const char* text); /* bytes taken; a byte that is no rune is Runeerror */
int runetochar(char* text, const Rune* rune); /* bytes written, no NUL */
int runelen(Rune);
int runenlen(const Rune* runes, int count); /* bytes of all of them */
int fullrune(const char* text, int size);
int utflen(const char* text);
int utfnlen(const char* text, long size); /* whole runes in that many bytes */
char* utfrune(const char* text, Rune);
char* utfrrune(const char* text, Rune);
char* utfutf(const char* text, const char* part);
char* utfecpy(char* to, char* end, const char* from); /* as strecpy(), but cut between runes */

Rune* runestrcat(Rune*, const Rune*);
Rune* runestrchr(const Rune*, Rune);
int runestrcmp(const Rune*, const Rune*);
Rune* runestrcpy(Rune*, const Rune*);
Rune* runestrdup(const Rune*);
Rune* runestrecpy(Rune* to, Rune* end, const Rune* from);
long runestrlen(const Rune*);
Rune* runestrncat(Rune*, const Rune*, long);
int runestrncmp(const Rune*, const Rune*, long);
Rune* runestrncpy(Rune*, const Rune*, long);
Rune* runestrrchr(const Rune*, Rune);
Rune* runestrstr(const Rune*, const Rune*);

/* Words as rc quotes them: 'it''s'. */
int tokenize(char* text, char** words, int most);                          /* in place; the count */
int gettokens(char* text, char** words, int most, const char* delimiters); /* likewise, by these */
int getfields(char* text, char** words, int most, int skip_empty, const char* delimiters);
int needsrcquote(int c); /* whether a word with this character needs quotes */
char* quotestrdup(const char* text);
char* unquotestrdup(const char* text);
Rune* quoterunestrdup(const Rune* text);
Rune* unquoterunestrdup(const Rune* text);
char* cleanname(char* name); /* in place: no //, no ., no .. that has something to take away */

/* Bytes as text and back; the room counts, and what is returned is the size, or -1. */
int enc64(char* text, int room, const uchar* bytes, int size);
int dec64(uchar* bytes, int room, const char* text, int size);
int enc32(char* text, int room, const uchar* bytes, int size);
int dec32(uchar* bytes, int room, const char* text, int size);
int enc16(char* text, int room, const uchar* bytes, int size);
int dec16(uchar* bytes, int room, const char* text, int size);

/*
 * Random numbers: the same ones after the same srand(), and those of /dev/random.
 */
void srand(long seed);
int rand(void); /* 0 to 32767 */
int nrand(int limit);
long lrand(void); /* 0 to 2^31 - 1 */
long lnrand(long limit);
double frand(void); /* 0 to 1 */
ulong truerand(void);
ulong ntruerand(ulong limit);

/*
 * Floating point. Conversions are exact: what is nearest, an even last digit when two are.
 */
double strtod(const char* text, char** end);
double atof(const char* text);
/* A number from what next() gives, -1 at its end: one character beyond the number is taken. */
double charstod(int (*next)(void*), void* from);
double NaN(void);
double Inf(int sign);
int isNaN(double);
int isInf(double, int sign); /* 0: either sign */
double fabs(double);
double floor(double);
double ceil(double);
double sqrt(double);
double modf(double, double* whole);
double frexp(double, int* exponent);
double ldexp(double, int exponent);
double pow10(int exponent);

/*
 * Output. Verbs: %d %o %b %x %X with l (long; with u: ulong), ll, h, z, u and , for thousands; %e
 * %f %g; %s %q (quoted), as runes %S %Q; %c %C %p %r (the error string) %n %%. Flags - + blank # 0,
 * width and precision, each also *.
 */
int print(const char* format, ...);
int fprint(int fd, const char* format, ...);
int vfprint(int fd, const char* format, va_list);
int sprint(char* buffer, const char* format, ...);
int snprint(char* buffer, usize size, const char* format, ...);
int vsnprint(char* buffer, usize size, const char* format, va_list);
char* seprint(char* buffer, char* end, const char* format, ...);
char* vseprint(char* buffer, char* end, const char* format, va_list);
char* smprint(const char* format, ...);
char* vsmprint(const char* format, va_list);
int runesprint(Rune* buffer, const char* format, ...);
int runesnprint(Rune* buffer, int size, const char* format, ...);
int runevsnprint(Rune* buffer, int size, const char* format, va_list);
Rune* runeseprint(Rune* buffer, Rune* end, const char* format, ...);
Rune* runevseprint(Rune* buffer, Rune* end, const char* format, va_list);
Rune* runesmprint(const char* format, ...);
Rune* runevsmprint(const char* format, va_list);

/* Formatted text on its way, and what stands between % and its verb. */
typedef struct Fmt Fmt;
struct Fmt {
    uchar runes;             /* always 0: what is put together is UTF-8 */
    void *start, *to, *stop; /* the room: all of it, what is left of it */
    int (*flush)(Fmt*);      /* makes room; 0: there is none any more. nil: it never does */
    void* farg;              /* what flush() wants */
    int nfmt;                /* bytes so far */
    va_list args;            /* the next argument */
    int r, width, prec;      /* the verb, and what was given with it */
    ulong flags;
};
enum {
    FmtWidth = 1 << 0,
    FmtLeft = 1 << 1,
    FmtPrec = 1 << 2,
    FmtSharp = 1 << 3,
    FmtSpace = 1 << 4,
    FmtSign = 1 << 5,
    FmtZero = 1 << 6,
    FmtUnsigned = 1 << 7,
    FmtShort = 1 << 8,
    FmtLong = 1 << 9,
    FmtVLong = 1 << 10,
    FmtComma = 1 << 11,
    FmtByte = 1 << 12,
    FmtFlag = 1 << 13, /* free for a verb's own, as those above it */
};
/* Verbs of a program's own: function(Fmt*) takes its arguments by va_arg(f->args, type), puts text
 * by the functions below, and returns 0, or -1 when they do. */
int fmtinstall(int verb, int (*function)(Fmt*));
int dofmt(Fmt*, const char* format); /* with f->args */
int fmtprint(Fmt*, const char* format, ...);
int fmtvprint(Fmt*, const char* format, va_list);
int fmtrune(Fmt*, int rune);
int fmtstrcpy(Fmt*, const char* text); /* these in the verb's width and precision */
int fmtrunestrcpy(Fmt*, const Rune* text);
int fmtfdinit(Fmt*, int fd, char* buffer, int size);
int fmtfdflush(Fmt*);
int fmtstrinit(Fmt*); /* a text that grows: fmtstrflush() gives it, malloc'ed */
char* fmtstrflush(Fmt*);
int errfmt(Fmt*);          /* %r */
int quotestrfmt(Fmt*);     /* %q, which is there without quotefmtinstall() */
int quoterunestrfmt(Fmt*); /* %Q */
void quotefmtinstall(void);
extern int (*doquote)(int c); /* if not nil: whether %q quotes a word for c */
int encodefmt(Fmt*);          /* install it as H, [ or <: base 16, 64 or 32 of `precision` bytes */

void werrstr(const char* format, ...);
void rerrstr(char* buffer, uint size); /* as errstr(), but leaves it as it is */

/*
 * Directories: what a stat record says.
 */
typedef struct Qid {
    uvlong path;
    ulong vers;
    uchar type;
} Qid;
typedef struct Dir {
    ushort type; /* the device's letter, and which of it */
    uint dev;
    Qid qid;
    ulong mode, atime, mtime;
    vlong length;
    char *name, *uid, *gid, *muid;
} Dir;
Dir* dirstat(const char* name); /* malloc'ed in one piece, as all that follow */
Dir* dirfstat(int fd);
long dirread(int fd, Dir** entries);    /* some entries, 0 at the end */
long dirreadall(int fd, Dir** entries); /* all that are left */
void nulldir(Dir*);                     /* a request that changes nothing */
int dirwstat(const char* name, const Dir*);
int dirfwstat(int fd, const Dir*);

#endif
