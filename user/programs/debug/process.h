// A process by its files in /proc: what debuggers read and write of it.
#ifndef PROCYON_DEBUG_PROCESS_H
#define PROCYON_DEBUG_PROCESS_H

#include <libc.h>

enum {
    kRegisters = 33, /* x0 to x31, pc */
    kRa = 1,
    kSp = 2,
    kPc = 32,
    kFloats = 32,
};

/* What returns int or long gives -1 when it fails, and %r says why. */
int process_file(int pid, const char* file, int mode);
long read_file(int pid, const char* file, void* to, long size, uvlong at);
long write_file(int pid, const char* file, const void* from, long size, uvlong at);
/* All that a file of text says, cut to fit. */
long read_text(int pid, const char* file, char* to, long room);
/* Writes a message to its ctl file. */
int control(int pid, const char* message);

int read_registers(int pid, uvlong registers[kRegisters]);
int write_registers(int pid, uvlong registers[kRegisters]);
int read_floats(int pid, uvlong floats[kFloats + 1]); /* and fcsr */
int write_floats(int pid, uvlong floats[kFloats + 1]);
/* Bytes that are there: fewer at the end of a segment. */
long read_memory(int pid, uvlong at, void* to, long size);
int write_memory(int pid, uvlong at, const void* from, long size);

/* The names of x0 to x31 and pc, and of f0 to f31, as programmers call them. */
extern const char* const register_names[kRegisters];
extern const char* const float_names[kFloats];

/* Whether what failed did so because a note came. */
int was_interrupted(void);
int is_there(int pid);
/* Its state as /proc/N/status calls it, in a static buffer; "" when it has ended. */
const char* state_of(int pid);
/* The file of its program, in a static buffer; "" if it has none. */
const char* program_of(int pid);
/* Stops it at the end of its call. Gives up after a while: who waits for a child to execute
 * something is stopped only then. A handler of the note `alarm` must be there. */
int stop_process(int pid);

#endif
