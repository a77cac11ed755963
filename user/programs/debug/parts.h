// What the parts of a target share; debuggers need not know it.
#ifndef PROCYON_DEBUG_PARTS_H
#define PROCYON_DEBUG_PARTS_H

#include "instruction.h"
#include "target.h"

/* target.c */
extern int first_pid, is_child;
void drop_gone(void);
/* Lets those go that share nothing with the first one any more: they execute another program. */
void drop_strangers(void);
/* Stops those that share data with ours and are not known yet. */
void take_in_new(void);
/* A thread that is new, and has stopped by itself; 0: there is none. */
int find_stopped(void);

/* breakpoints.c. Breakpoints of one, and what it is to watch. */
int insert_all(Thread*);
int insert(Thread*, uvlong at, long size);
int is_inserted(uvlong at);
void take_out_all(void);
int empty_watchpt(int pid);

/* step.c. Where the instruction at pc may lead: places for breakpoints, at most `most`. A
 * load-reserved is taken with what follows to its store-conditional, which fails if something comes
 * between. 0: it cannot be read. */
int places_after(int pid, uvlong registers[kRegisters], uvlong* places, int most);

/* reason.c. Why those that ran have stopped: who tells, `pid` rather than another; nil: nobody. */
Thread* find_reasons(int pid);

#endif
