// The trap vector: saves registers, calls the handler, restores them.
//
// sscratch tells where a trap comes from: while a program runs it is the hart's block, which is tp in the
// kernel; in the kernel it is 0.
//
// Interrupts use the stack they interrupt. Exceptions in the kernel switch to the hart's emergency
// stack, because the stack itself may be what faulted; the handler tells. A further exception there
// goes on below the first.

#include "arch/riscv64/hart.h"
#include "arch/riscv64/trap_frame.h"
#include "boot/layout.h"

#define SSTATUS_SPIE 0x20
#define SSTATUS_SPP 0x100
#define EMERGENCY_SHIFT 13      // log2 BOOT_EMERGENCY_STACK_SIZE
#if (1 << EMERGENCY_SHIFT) != BOOT_EMERGENCY_STACK_SIZE
#error "EMERGENCY_SHIFT does not fit the size of the emergency stacks"
#endif

// What the hart says of the trap goes into the frame at sp; sepc stays in t0 and scause in t2.
.macro save_cause
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    sd      t0, TRAP_FRAME_PC(sp)
    sd      t1, TRAP_FRAME_STATUS(sp)
    sd      t2, TRAP_FRAME_CAUSE(sp)
    sd      t3, TRAP_FRAME_VALUE(sp)
.endm

    .section .text.trap_entry, "ax", @progbits
    .balign 4
    .globl trap_entry, trap_saved, trap_return
trap_entry:
    csrrw   tp, sscratch, tp
    bnez    tp, user_trap
    csrrw   tp, sscratch, zero
    sd      t0, HART_TRAP_T0(tp)
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
2:  ld      t0, HART_TRAP_T0(tp)
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
trap_saved:
    save_cause
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

// From user mode. tp is the hart's block, sscratch the program's tp. Registers are saved where run_in() said: at the
// top of the process's kernel stack, where others find them.
//
// A short call saves what a function may not clobber and the s-registers are not; interrupts stay off, so nothing
// comes between, and sstatus is still as the trap made it.
    .balign 4
user_trap:
    sd      sp, HART_USER_SP(tp)
    ld      sp, HART_USER_REGISTERS(tp)
    sd      t0, TRAP_FRAME_X(5)(sp)
    csrr    t0, scause
    addi    t0, t0, -8              // 8: a call from user mode
    bnez    t0, other_user_trap
    csrr    t0, sepc
    addi    t0, t0, 4
    sd      t0, TRAP_FRAME_PC(sp)
    csrrw   t0, sscratch, zero
    sd      t0, TRAP_FRAME_X(4)(sp)
    sd      ra, TRAP_FRAME_X(1)(sp)
    sd      gp, TRAP_FRAME_X(3)(sp)
    li      gp, 0
    li      t0, SYSTEM_CALLS - 1
    bltu    a7, t0, 1f
    mv      a7, t0
    // The record before the count: who looks shows no more than that says.
1:  ld      t1, USER_ROOM_CALLS(sp)
    ld      t0, USER_ROOM_RECORDS(sp)
    ld      t2, USER_ROOM_STAMP(sp)
    addi    t1, t1, 1
    andi    t3, t1, CALL_RECORDS - 1
    slli    t3, t3, 4
    add     t0, t0, t3
    or      t2, t2, a7
    sd      t2, 0(t0)
    sd      t0, USER_ROOM_RECORD(sp)
    sd      t1, USER_ROOM_CALLS(sp)
    slli    a7, a7, 4
    ld      t0, HART_SYSTEM_CALLS(tp)
    add     t0, t0, a7
    ld      t1, 0(t0)
    ld      t0, 8(t0)
    bnez    t0, full_call
    jalr    t1
    ld      t0, USER_ROOM_RECORD(sp)
    ld      t1, 0(t0)
    sd      a0, 8(t0)
    ori     t1, t1, CALL_RETURNED
    fence   w, w                    // the result before the word that says so
    sd      t1, 0(t0)
    ld      t0, TRAP_FRAME_PC(sp)
    ld      ra, TRAP_FRAME_X(1)(sp)
    ld      gp, TRAP_FRAME_X(3)(sp)
    csrw    sepc, t0
    csrw    sscratch, tp
    .irp n, 11, 12, 13, 14, 15, 16, 17, 5, 6, 7, 28, 29, 30, 31
    li      x\n, 0
    .endr
    // The stack pointer is where it was, and below it nothing is the program's business.
    ld      t0, HART_USER_SP(tp)
    ld      tp, TRAP_FRAME_X(4)(sp)
    mv      sp, t0
    li      t0, 0
    sret

full_call:
    ld      t0, HART_USER_SP(tp)
    sd      t0, TRAP_FRAME_X(2)(sp)
    srli    a7, a7, 4               // the number again: the call may be made again
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    sd      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
    .irp n, 16, 5, 6, 7, 28, 29, 30, 31
    sd      zero, TRAP_FRAME_X(\n)(sp)
    .endr
    li      s0, 0                   // ends walks over frames
    mv      a0, sp
    mv      a1, t1
    call    riscv64_full_call
    j       user_return

other_user_trap:
    .irp n, 1, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
    csrrw   t0, sscratch, zero
    ld      t1, HART_USER_SP(tp)
    sd      t0, TRAP_FRAME_X(4)(sp)
    sd      t1, TRAP_FRAME_X(2)(sp)
    save_cause
    li      gp, 0
    li      s0, 0
    mv      a0, sp
    call    riscv64_user_trap

// To user mode with the registers at sp. Interrupts are off.
user_return:
    ld      t0, TRAP_FRAME_PC(sp)
    csrw    sepc, t0
    // Another program may have left a reservation, which this one's sc must not find.
    sc.d    zero, t0, (sp)          // TRAP_FRAME_PC is 0: where it came from
    li      t0, SSTATUS_SPP
    csrc    sstatus, t0
    li      t0, SSTATUS_SPIE
    csrs    sstatus, t0
    csrw    sscratch, tp
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, TRAP_FRAME_X(\n)(sp)
    .endr
    ld      sp, TRAP_FRAME_X(2)(sp)
    sret

// a0: where the registers are. Whatever the stack holds below them is forgotten.
    .globl riscv64_enter_user
riscv64_enter_user:
    mv      sp, a0
    j       user_return
