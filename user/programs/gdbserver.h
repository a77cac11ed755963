// What the parts of gdbserver share: the processes that are debugged, and their program's code.
#ifndef PROCYON_GDBSERVER_H
#define PROCYON_GDBSERVER_H

#include <libc.h>

enum {
    kRegisters = 33, /* x0 to x31, pc */
    kPc = 32,
    kFloats = 32,
    kThreads = 64,
    kPoints = 64,
};

/* A process that is debugged: the first one, or one that shares its data. Stopped but while
 * resume() lets it run. */
typedef struct Thread Thread;
struct Thread {
    int pid;
    int gone;           /* it has ended, or is another program's by now */
    int broken;         /* it has ended, and what is left can be looked at */
    int running;        /* it goes on until it has something to tell */
    int reported;       /* what follows has been told */
    int signal;         /* why it stopped, as gdb counts; 0: because another did */
    uvlong watched;     /* the address that was watched, if that is why */
    char note[ERRMAX];  /* the note that it is to meet, if it goes on with the signal */
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

/* gdbserver_target.c. What returns int gives -1 when it fails, and %r says why. */
extern Thread threads[kThreads];
extern int thread_count;
extern char* end_status; /* when all have ended: the status of the first, nil if nobody knows */

/* Stops the process `pid` and whoever shares its data. */
int attach(int pid);
/* Makes argv a process that is stopped before its first instruction. */
int launch(char* argv[]);
Thread* find_thread(int pid);
int read_registers(Thread*, uvlong registers[kRegisters]);
int write_registers(Thread*, uvlong registers[kRegisters]);
int read_floats(Thread*, uvlong floats[kFloats + 1]); /* and fcsr */
int write_floats(Thread*, uvlong floats[kFloats + 1]);
/* Bytes that are there: fewer at the end of a segment. */
long read_memory(Thread*, uvlong at, void* to, long size);
int write_memory(Thread*, uvlong at, const void* from, long size);
int add_point(char type, uvlong at, ulong size);
void remove_point(char type, uvlong at, ulong size);

/* Lets it go on with this signal (0: none), for one instruction if `steps`. */
int resume(Thread*, int signal, int steps);
/* After each that goes on was resumed: tells event_pipe when one stops. */
int begin_waiting(void);
/* Stops the others when `pid` has stopped by itself or ended (0: none, all are to stop), and finds
 * new ones. Who tells why is the thread returned; nil: there was nothing to tell. */
Thread* all_stop(int pid);
/* A thread that is new, and has stopped by itself; 0: there is none. */
int find_stopped(void);
/* They go on by themselves, undebugged. */
void detach(void);
void kill_all(void);
/* When none is left: until end_status is known. */
void wait_for_end(void);

/* What comes over event_pipe: bytes from gdb, and processes that stopped or ended. */
typedef struct Event Event;
struct Event {
    char kind; /* 'g': bytes of gdb's, 'h': it is gone, 's': `pid` stopped or ended, 'm': a mark,
                  't': some time has passed */
    uchar count;
    short unused;
    int pid;
    uchar bytes[56];
};
extern int event_pipe[2];
void send_event(Event);

/* gdbserver_step.c. Where the instruction at pc may lead: places for breakpoints, at most `most`. A
 * load-reserved is taken with what follows to its store-conditional, which fails if something comes
 * between. 0: it cannot be read. */
int places_after(Thread*, uvlong registers[kRegisters], uvlong* places, int most);

#endif
