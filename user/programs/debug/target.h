// What is debugged: a process and those that share its data, stopped but while they are let run.
#ifndef PROCYON_DEBUG_TARGET_H
#define PROCYON_DEBUG_TARGET_H

#include "process.h"

enum { kThreads = 64, kPoints = 64 };

/* Why one stopped. */
typedef enum {
    kNoReason, /* because another did */
    kBreakpoint,
    kStepped,
    kWatched,
    kNote,
    kBroken, /* it has ended, and what is left can be looked at */
    kAsked,
} Reason;

/* A process that is debugged: the first one, or one that shares its data. */
typedef struct Thread Thread;
struct Thread {
    int pid;
    int gone;           /* it has ended, or is another program's by now */
    int broken;         /* nothing of it goes on */
    int running;        /* it goes on until it has something to tell */
    int reported;       /* what follows has been told */
    Reason reason;      /* why it stopped */
    uvlong watched;     /* the address that was watched, if that is why */
    char note[ERRMAX];  /* the note that stopped it, and that nobody has met; "": there is none */
    int waiter;         /* the process that waits for it to stop; 0: none */
    int steps;          /* it goes on for one instruction */
    uvlong step_at[32]; /* where that may lead, breakpoints for it meanwhile */
    int step_count;
};

/* What is stopped at: code by a breakpoint, data by watching it. */
typedef struct Point Point;
struct Point {
    char type; /* '0' a breakpoint; '2' to '4': stores, loads, both; 0: none */
    uvlong at;
    ulong size; /* of data; of a breakpoint's instruction 2 or 4 */
};

/* What returns int gives -1 when it fails, and %r says why. */
extern Thread threads[kThreads];
extern int thread_count;
extern Point points[kPoints];
extern char* end_status; /* when all have ended: the status of the first, nil if nobody knows */

/* Stops the process `pid` and whoever shares its data. Handlers of the note `alarm` must be there.
 */
int attach(int pid);
/* Makes argv a process that is stopped before its first instruction. */
int launch(char* argv[]);
Thread* find_thread(int pid);
/* Forgets those that have ended, whoever ended them. */
void drop_ended(void);

int add_point(char type, uvlong at, ulong size);
void remove_point(char type, uvlong at, ulong size);

/* Lets it go on for one instruction if `steps`, to meet this note first, unless it is nil. One that
 * is Broken ends. */
int resume(Thread*, const char* note, int steps);
/* After each that goes on was resumed, and begin_events(): until one stops with something to tell,
 * which is the thread returned, or is_asked() says that all are to stop. nil: all have ended. Why
 * breakpoints could not be set is in `trouble`, else "". */
Thread* run(int (*is_asked)(void));
extern char trouble[ERRMAX];

/* They are undebugged from then on, and meet the notes that nobody was told of. */
void let_go(void);
/* The same, and they go on by themselves. */
void detach(void);
void kill_all(void);
/* When none is left: until end_status is known. A note ends that. */
void wait_for_end(void);

#endif
