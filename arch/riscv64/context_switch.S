// Switching contexts: save what a call preserves in one, load the other.

#include "machine/context_storage.h"

    .section .text.context_switch, "ax", @progbits
    .globl riscv64_switch_context, riscv64_context_start
// a0: ContextStorage to save to, a1: to go on with.
riscv64_switch_context:
    sd      ra, CONTEXT_RA(a0)
    sd      sp, CONTEXT_SP(a0)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, CONTEXT_S0 + 8 * \n(a0)
    .endr
    ld      ra, CONTEXT_RA(a1)
    ld      sp, CONTEXT_SP(a1)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, CONTEXT_S0 + 8 * \n(a1)
    .endr
    ret

// The first return of a new context: s1 = entry, s2 = its argument, s0 = 0 ends backtraces.
riscv64_context_start:
    mv      a0, s2
    li      ra, 0
    jalr    ra, s1
    ebreak                      // the entry must not return
