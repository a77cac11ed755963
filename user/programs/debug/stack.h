// The calls that a process is in, as far as its registers and its stack tell.
#ifndef PROCYON_DEBUG_STACK_H
#define PROCYON_DEBUG_STACK_H

#include <libc.h>

/* Prints pc, then return addresses, innermost first: ra, and what lies on the stack and points
 * behind a call. Programs keep no frame pointers, so what is on the stack may be left from calls
 * that have returned: only where the call is one of a function above, by the symbols, a line is
 * without a mark. -1: the registers cannot be read, and %r says why. */
int print_stack(int pid);

#endif
