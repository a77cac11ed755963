// Instructions of RISC-V, as far as who steps and who looks for callers must know them.
#ifndef PROCYON_DEBUG_INSTRUCTION_H
#define PROCYON_DEBUG_INSTRUCTION_H

#include <u.h>

/* The instruction at `at`, of 16 or 32 bits; 0: there is none. */
ulong instruction_at(int pid, uvlong at);
uvlong length_of(ulong instruction);
/* The one place after an instruction, by x0 to x31 as they are. */
uvlong next_of(ulong instruction, uvlong pc, const uvlong* x);

int is_load_reserved(ulong instruction);
int is_store_conditional(ulong instruction);
/* Whether it is a branch; where that may lead is `target`. */
int is_branch_to(ulong instruction, uvlong pc, uvlong* target);
/* Whether it leaves a return address in ra. */
int is_call(ulong instruction);

enum { kNoCall, kCallsThere, kCallsSomewhere };
/* What the instruction before `at` calls: a place that it names, `target`, or one that a register
 * had. */
int call_before(int pid, uvlong at, uvlong* target);

#endif
