// What the parts of db share: the program that is looked at, and how commands speak.
#ifndef PROCYON_DB_H
#define PROCYON_DB_H

#include "../debug/symbols.h"
#include "../debug/target.h"

/* main.c */
extern int over;    /* nothing is left to do */
int is_asked(void); /* somebody typed Ctrl-C since the command began */
/* The symbols of the program that it executes now; points in another are forgotten. */
void look_at_program(void);

/* The thread that commands are about; nil: there is none any more. */
Thread* current(void);
void choose(int pid);

/* Says what is wrong, in a line. */
void complain(const char* format, ...);

/* commands.c */
void obey(char* line);

/* expression.c. Numbers, registers and symbols with + and - between. 0 and what it does not
 * understand is told, when it is none. */
int get_value(const char* text, uvlong* value);
/* The same of something small that is counted, at least 1. */
int get_count(const char* text, ulong most, ulong* count);
/* The number of a register, of floating point above kRegisters; -1: it is none. */
int register_number(const char* name);

/* report.c */
/* Why it stopped, and where. */
void report(Thread*);
/* Says how the program ended. */
void report_end(void);
/* Where it stands: place, name, instruction. */
void print_here(const Thread*);

/* points.c. The instruction there; 0 and why it is none is told, when it is none. */
int get_instruction(uvlong at, ulong* instruction);
/* What watched variables are, before the program goes on, for report(). */
void remember_watched(void);
void print_watched(uvlong at);
/* memory.c. The size of what is at a place, by the symbol that begins there: 1, 2, 4 or 8, else
 * `otherwise`.
 */
ulong natural_size(uvlong at, ulong otherwise);
/* An integer of the program; whether it is there. */
int get_integer(uvlong at, ulong size, uvlong* value);
/* Tells why memory cannot be had, after a call that failed there. */
void cannot(const char* what, uvlong at);

/* What the rows of the table do. */
typedef void Command(int argc, char* argv[]);
Command registers_command, floats_command, set_command;              /* registers.c */
Command x_command, bytes_command, string_command, write_command;     /* memory.c */
Command break_command, watch_command, delete_command;                /* points.c */
Command step_command, next_command, until_command, continue_command; /* running.c */
Command detach_command, quit_command, kill_command;                  /* leaving.c */
Command stack_command, sym_command, addr_command, notes_command, drop_command, threads_command,
    maps_command, segments_command; /* looking.c */

#endif
