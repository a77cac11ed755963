// Touching user memory: what faults here ends with what was left, not with a panic (see traps.cc).

// SUM: the kernel may touch user pages. MXR: also load from those that are hidden from programs, which they only execute.
#define SSTATUS_SUM_MXR 0xc0000

    .section .text.user_access, "ax", @progbits
    .globl riscv64_user_copy, riscv64_user_exchange, riscv64_user_access_end, riscv64_user_access_failed

// a0: to, a1: from, a2: bytes, of which one side is user memory. Returns how many were not copied; what was left at a
// fault lies on the page that faulted: while t5 is 1, four words are on the way, of which a later one may have faulted;
// then it goes on word by word, to the one that does.
riscv64_user_copy:
    li      t5, 0
    li      t0, SSTATUS_SUM_MXR
    csrs    sstatus, t0
    xor     t1, a0, a1
    andi    t1, t1, 7
    bnez    t1, 4f                  // they will never both be aligned
1:  andi    t1, a0, 7
    beqz    t1, 2f
    beqz    a2, riscv64_user_access_end
    lbu     t1, 0(a1)
    sb      t1, 0(a0)
    addi    a0, a0, 1
    addi    a1, a1, 1
    addi    a2, a2, -1
    j       1b
2:  li      t5, 1
5:  sltiu   t1, a2, 32
    bnez    t1, 3f
    ld      t1, 0(a1)
    ld      t2, 8(a1)
    ld      t3, 16(a1)
    ld      t4, 24(a1)
    sd      t1, 0(a0)
    sd      t2, 8(a0)
    sd      t3, 16(a0)
    sd      t4, 24(a0)
    addi    a0, a0, 32
    addi    a1, a1, 32
    addi    a2, a2, -32
    j       5b
3:  li      t5, 0
6:  sltiu   t1, a2, 8
    bnez    t1, 4f
    ld      t1, 0(a1)
    sd      t1, 0(a0)
    addi    a0, a0, 8
    addi    a1, a1, 8
    addi    a2, a2, -8
    j       6b
4:  beqz    a2, riscv64_user_access_end
    lbu     t1, 0(a1)
    sb      t1, 0(a0)
    addi    a0, a0, 1
    addi    a1, a1, 1
    addi    a2, a2, -1
    j       4b

// a0: user address of an aligned word, a1: expected, a2: 4, a3: desired, a4: where to say what was found. Returns 0,
// or 4 if it faulted. acq_rel.
riscv64_user_exchange:
    li      t5, 0
    li      t0, SSTATUS_SUM_MXR
    csrs    sstatus, t0
    sext.w  a1, a1
1:  lr.w.aqrl t1, (a0)
    bne     t1, a1, 2f
    sc.w.rl t2, a3, (a0)
    bnez    t2, 1b
2:  sw      t1, 0(a4)
    li      a2, 0

riscv64_user_access_end:
riscv64_user_access_failed:         // with t0, t5 and a2 as at the fault
    bnez    t5, 3b
    csrc    sstatus, t0
    mv      a0, a2
    ret
