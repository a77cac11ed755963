// The library: system calls, texts, memory, output, processes, directories.
#ifndef PROCYON_LIBC_H
#define PROCYON_LIBC_H

#include "abi.h"
#include "u.h"

#define nelem(array) (sizeof(array) / sizeof((array)[0]))
#define USED(x) ((void)(x))

typedef struct Tos Tos;
typedef struct Ureg Ureg;

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
int notify(void (*handler)(Ureg*, char*));
int noted(int how);
void* rendezvous(void* tag, void* value);
int semacquire(int* semaphore, int block);
int tsemacquire(int* semaphore, ulong milliseconds);
int semrelease(int* semaphore, int count);
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
int access(const char* name, int mode); /* AEXIST ...: 0 if it may be done */
enum { AEXIST = 0, AEXEC = 1, AWRITE = 2, AREAD = 4 };

/*
 * The process.
 */
void main(int argc, char* argv[]); /* the program's; returning from it is exits("main") */

extern char* argv0; /* what the program was called; in sysfatal()'s text */
extern Tos* _tos;

void exits(const char* status) __attribute__((noreturn)); /* nil and "" are success */
int atexit(void (*function)(void));                       /* 0 if there is no room */
void sysfatal(const char* format, ...) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

int fork(void);
/* Runs fn(arg) on another stack as a process that shares all memory; its exit ends that process
 * only. */
int thread_create(void (*fn)(void*), void* arg, void* stack_top);
int getpid(void);
int getppid(void);
char* getuser(void);

typedef struct {
    int pid;
    ulong time[3]; /* user, system, real, in milliseconds */
    char* msg;     /* "" or nil-like is success */
} Waitmsg;
Waitmsg* wait(void); /* of a child that exited; free() it. nil: there is none, or a note came */
int waitpid(void);

enum { PNPROC, PNGROUP };
int postnote(int whom, int pid, const char* note);
/* Adds a handler (or takes it away); the first that returns non-zero has handled the note. */
int atnotify(int (*handler)(Ureg*, char*), int in);

char* getenv(
    const char* name); /* malloc'ed; the words of a list have blanks between them. nil: not set */
int putenv(const char* name, const char* value);

long time(long* seconds);
typedef struct {
    int sec, min, hour, mday, mon, year, wday, yday; /* mon from 0, year from 1900 */
} Tm;
Tm gmtime(long seconds);
char* asctime(char buffer[30], const Tm* tm); /* Sat Nov 21 21:32:36 GMT 2026, newline */

/*
 * Arguments: ARGBEGIN { case 'n': n = atoi(EARGF(usage())); break; default: usage(); } ARGEND
 * Leaves argc and argv with what is no option.
 */
typedef struct {
    int* argc;
    char*** argv;
    char* rest; /* of a word with several flags */
    Rune flag;
} Args;
Args _args_begin(int* argc, char*** argv);
int _args_next(Args*);
char* _args_value(Args*);
#define ARGBEGIN \
    for (Args _args = _args_begin(&argc, &argv); _args_next(&_args);) switch (_args.flag)
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
void* emalloc(usize size); /* or sysfatal() */
void* erealloc(void* block, usize size);
char* estrdup(const char* text);
int brk(void* end);
void* sbrk(long increment);

void* memset(void* to, int byte, usize size);
void* memcpy(void* to, const void* from, usize size);
void* memmove(void* to, const void* from, usize size);
int memcmp(const void* a, const void* b, usize size);
void* memchr(const void* in, int byte, usize size);
void qsort(void* base, usize count, usize size, int (*compare)(const void*, const void*));

/* For processes that share memory; spins, then sleeps. */
typedef struct {
    int held;
} Lock;
void lock(Lock*);
int canlock(Lock*);
void unlock(Lock*);

/*
 * Texts.
 */
usize strlen(const char*);
int strcmp(const char*, const char*);
int strncmp(const char*, const char*, usize);
int cistrcmp(const char*, const char*); /* the case of ASCII letters does not count */
char* strcpy(char*, const char*);
char* strncpy(char*, const char*, usize);
char* strcat(char*, const char*);
char* strecpy(char* to, char* end, const char* from); /* cut to fit; returns where the NUL is */
char* strchr(const char*, int);
char* strrchr(const char*, int);
char* strstr(const char*, const char*);
char* strdup(const char*);
int atoi(const char*);
vlong atoll(const char*);
long strtol(const char*, char** end, int base);
ulong strtoul(const char*, char** end, int base);
vlong strtoll(const char*, char** end, int base);
uvlong strtoull(const char*, char** end, int base);

static inline int isdigit(int c) { return c >= '0' && c <= '9'; }
static inline int isupper(int c) { return c >= 'A' && c <= 'Z'; }
static inline int islower(int c) { return c >= 'a' && c <= 'z'; }
static inline int isalpha(int c) { return isupper(c) || islower(c); }
static inline int isalnum(int c) { return isalpha(c) || isdigit(c); }
static inline int isspace(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline int tolower(int c) { return isupper(c) ? c - 'A' + 'a' : c; }
static inline int toupper(int c) { return islower(c) ? c - 'a' + 'A' : c; }

enum { UTFmax = 4, Runeself = 0x80, Runeerror = 0xFFFD, Runemax = 0x10FFFF };
int chartorune(Rune* rune, const char* text); /* bytes taken; a byte that is no rune is Runeerror */
int runetochar(char* text, const Rune* rune); /* bytes written, no NUL */
int runelen(Rune);
int fullrune(const char* text, int size);
int utflen(const char* text);
char* utfrune(const char* text, Rune);

/* Words as rc quotes them: 'it''s'. */
int tokenize(char* text, char** words, int most); /* in place; the count */
int getfields(char* text, char** words, int most, int skip_empty, const char* delimiters);
int needsrcquote(const char* text);
char* quotestrdup(const char* text);

/*
 * Output. Verbs: %d %o %b %x %X with l (long; with u: ulong), ll, h, z, u and , for thousands; %s
 * %q (quoted) %c %C %p %r (the error string) %%. Flags - + blank # 0, width and precision, each
 * also *.
 */
int print(const char* format, ...);
int fprint(int fd, const char* format, ...);
int vfprint(int fd, const char* format, va_list);
int snprint(char* buffer, usize size, const char* format, ...);
int vsnprint(char* buffer, usize size, const char* format, va_list);
char* seprint(char* buffer, char* end, const char* format, ...);
char* smprint(const char* format, ...);

/* Where formatted text goes: put() takes runs of bytes. */
typedef struct Fmt Fmt;
struct Fmt {
    void (*put)(Fmt*, const char* text, usize size);
    void* to;
    usize count; /* bytes so far */
};
void fmt_vprint(Fmt*, const char* format, va_list);

void werrstr(const char* format, ...);
void rerrstr(char* buffer, uint size); /* as errstr(), but leaves it as it is */

/*
 * Directories: what a stat record says.
 */
typedef struct {
    uvlong path;
    ulong vers;
    uchar type;
} Qid;
typedef struct {
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
uint convM2D(const uchar* record, uint size, Dir*,
             char* texts); /* the record's size; 0: it is wrong */
uint convD2M(const Dir*, uchar* record, uint size);
char* dirmode(char buffer[12], ulong mode); /* d-rwxr-xr-x */

#endif
