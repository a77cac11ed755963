// What programs and the kernel agree on: numbers, flags, layouts. Plain C that C++ reads too; the
// kernel checks its own against it. docs/programming.md has the calls in words.
#ifndef PROCYON_ABI_H
#define PROCYON_ABI_H

#include <stdint.h>

/*
 * A system call is `ecall` with its number in a7 and arguments in a0 to a5. The result is in a0; -1
 * means that it failed and errstr() says why. ra, sp, gp, tp and s0 to s11 are as before, a1 to a7
 * and t0 to t6 are zero.
 */
enum {
#define SYSCALL(number, name, function) CALL_##name = number,
#include "syscalls.def"
#undef SYSCALL
};

/* rfork(). Of FDG and CFDG, NAMEG and CNAMEG, ENVG and CENVG at most one; MEM and NOWAIT with PROC
 * only. */
enum {
    RFNAMEG = 1 << 0,   /* a copy of the name space */
    RFENVG = 1 << 1,    /* a copy of the environment */
    RFFDG = 1 << 2,     /* a copy of the descriptors */
    RFNOTEG = 1 << 3,   /* a new note group */
    RFPROC = 1 << 4,    /* a new process; without it all is about the caller */
    RFMEM = 1 << 5,     /* it shares data and bss, but has a copy of the stack */
    RFNOWAIT = 1 << 6,  /* it leaves no wait record */
    RFCNAMEG = 1 << 10, /* an empty name space */
    RFCENVG = 1 << 11,  /* an empty environment */
    RFCFDG = 1 << 12,   /* no descriptors */
    RFREND = 1 << 13,   /* a rendezvous group of its own */
    RFNOMNT = 1 << 14,  /* few devices can be named with # afterwards */
    /* Procyon's own. */
    RFTHREAD = 1 << 17, /* with PROC and MEM: the stack is shared, too (thread_create()) */
    RFPPWAIT = 1 << 16, /* the caller waits until the child has executed a program or has exited */
    RFSTOP = 1 << 21,   /* the child is only Created; `start` to its ctl file lets it run */
};

/* open() and create(). */
enum {
    OREAD = 0,
    OWRITE = 1,
    ORDWR = 2,
    OEXEC = 3,
    OTRUNC = 16,    /* or-ed in: empty the file */
    OCEXEC = 32,    /* close at exec */
    ORCLOSE = 64,   /* remove at close */
    OEXCL = 0x1000, /* create: fail if it is there */
};

/* seek(): from the beginning, from the descriptor's offset, from the end. */
enum { SEEKBEGIN = 0, SEEKHERE = 1, SEEKEND = 2 };

/* bind(). */
enum { MREPL = 0, MBEFORE = 1, MAFTER = 2, MORDER = 3, MCREATE = 4, MCACHE = 16, MMASK = 0x17 };

/* noted(): what comes after a note handler. */
enum {
    NCONT = 0, /* go on where the note came */
    NDFLT = 1, /* do as if there were no handler: exit */
    NSAVE = 2, /* go on at the changed registers, and keep the frame */
    NRSTR = 3, /* after NSAVE: go on where the note came */
};

/* segattach(): attributes; the classes are "memory", "shared", and the names of devices (the boot
 * argument *segments). */
enum { SG_RONLY = 0040, SG_CEXEC = 0100 };

/* A file's mode: permissions and what it is; the highest eight bits are its qid's type. */
#define DMDIR 0x80000000u
#define DMAPPEND 0x40000000u
#define DMEXCL 0x20000000u
#define DMMOUNT 0x10000000u
#define DMAUTH 0x08000000u
#define DMTMP 0x04000000u
enum { DMREAD = 4, DMWRITE = 2, DMEXEC = 1 };
enum {
    QTDIR = 0x80,
    QTAPPEND = 0x40,
    QTEXCL = 0x20,
    QTMOUNT = 0x10,
    QTAUTH = 0x08,
    QTTMP = 0x04,
    QTFILE = 0,
};

enum {
    ERRMAX = 128,   /* an error string, its NUL included */
    WAITTEXT = 256, /* room for what await() writes */
    STATFIXED = 49, /* a stat record without its four texts */
};

/* Top of stack: what exec leaves above the arguments; a0 holds its address when a program begins.
 */
struct Tos {
    struct {
        void *pp, *next, *last, *first;
        uint32_t pid, what;
    } prof; /* of a profiler, which there is none of */
    uint64_t cyclefreq;
    int64_t kcycles, pcycles;
    uint32_t pid; /* of the process that executed the program; getpid() asks the kernel */
    uint32_t clock;
};

/* The registers that a note handler gets. It may change those of the program before it says
 * noted(NCONT). */
struct Ureg {
    uint64_t pc;
    uint64_t x[31]; /* x1 to x31 */
    uint64_t status, cause, value;
};

#ifdef __cplusplus
static_assert(sizeof(struct Tos) == 72 && sizeof(struct Ureg) == 35 * 8, "layouts are the ABI");
#else
_Static_assert(sizeof(struct Tos) == 72 && sizeof(struct Ureg) == 35 * 8, "layouts are the ABI");
#endif

#endif
