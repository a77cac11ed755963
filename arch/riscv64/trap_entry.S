// The trap vector: saves all registers, calls the handler, restores them.
//
// Interrupts use the stack they interrupt. Exceptions in the kernel switch to the hart's emergency
// stack, because the stack itself may be what faulted; the handler tells. A further exception there
// goes on below the first.

#include "arch/riscv64/hart.h"
#include "arch/riscv64/trap_frame.h"
#include "boot/layout.h"

#define EMERGENCY_SHIFT 13      // log2 BOOT_EMERGENCY_STACK_SIZE
#if (1 << EMERGENCY_SHIFT) != BOOT_EMERGENCY_STACK_SIZE
#error "EMERGENCY_SHIFT does not fit the size of the emergency stacks"
#endif

    .section .text.trap_entry, "ax", @progbits
    .balign 4
    .globl trap_entry, trap_saved, trap_return
trap_entry:
    csrw    sscratch, t0
    csrr    t0, scause
    bltz    t0, 1f
    ld      t0, HART_EMERGENCY_TOP(tp)
    sub     t0, t0, sp
    srli    t0, t0, EMERGENCY_SHIFT
    beqz    t0, 1f              // already there
    ld      t0, HART_EMERGENCY_TOP(tp)
    sd      sp, TRAP_FRAME_X(2) - TRAP_FRAME_SIZE(t0)
    addi    sp, t0, -TRAP_FRAME_SIZE
    j       2f
1:  sd      sp, TRAP_FRAME_X(2) - TRAP_FRAME_SIZE(sp)
    addi    sp, sp, -TRAP_FRAME_SIZE
2:  csrr    t0, sscratch
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
trap_saved:
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    sd      t0, TRAP_FRAME_PC(sp)
    sd      t1, TRAP_FRAME_STATUS(sp)
    sd      t2, TRAP_FRAME_CAUSE(sp)
    sd      t3, TRAP_FRAME_VALUE(sp)
    sd      s0, TRAP_FRAME_RECORD(sp)
    sd      t0, TRAP_FRAME_RECORD + 8(sp)
    addi    s0, sp, TRAP_FRAME_SIZE
    mv      a0, sp
    lla     t0, riscv64_interrupt
    bltz    t2, 1f
    lla     t0, riscv64_exception
1:  jalr    ra, t0
trap_return:                    // by this return address a walk over frames knows a trap
    ld      t0, TRAP_FRAME_PC(sp)
    ld      t1, TRAP_FRAME_STATUS(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    // gp never changes, and tp is this hart's, which after a switch is not the one that trapped.
    .irp n, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
    ld      sp, TRAP_FRAME_X(2)(sp)
    sret
