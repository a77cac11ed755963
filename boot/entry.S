// Entry under OpenSBI or U-Boot: the image header, the boot lottery, an early page table, the jump to
// the high half; and the entry of harts that firmware starts later.
//
// Contract on entry (SBI 1.0 and the RISC-V Linux boot protocol): S-mode, satp = 0, interrupts off,
// a0 = hart id, a1 = physical address of the device tree. The image may lie at any 2 MiB boundary.
//
// gp stays zero: nothing is linked relative to it (no __global_pointer$), so a stray use faults.
// tp is zero until C++ points it at the hart's block, and is never anything else in the kernel.

#include "boot/layout.h"
#include "boot/start_record.h"

#define SSTATUS_SIE 2
#define SATP_SV39 8
#define MEGAPAGE_SHIFT 21
#define GIGAPAGE_SHIFT 30
#define ROOT_DIRECT_INDEX 256   // of BOOT_DIRECT_BASE
#define ROOT_KERNEL_INDEX 510   // of BOOT_KERNEL_BASE
#define PTE_TABLE 0x01          // V
#define PTE_DATA 0xc7           // V R W A D
#define PTE_IMAGE 0xcf          // V R W X A D: until the kernel has built its own tables
#define EARLY_TREE_REACH (2 << 20)  // the tree is at most this large (kFdtMaxSize)

#define SBI_LEGACY_PUTCHAR 1
#define SBI_SRST 0x53525354

    .section .text.entry, "ax", @progbits
    .globl _start
_start:
    .option push
    .option norvc
    j       enter
    nop
    .option pop
    .dword  0x200000            // text_offset: from the start of memory, for booti
    .dword  image_size          // with .bss and boot stacks: the loader keeps clear of it
    .dword  0                   // flags: little-endian
    .word   2                   // header version 0.2
    .word   0
    .dword  0
    .ascii  "RISCV\0\0\0"
    .ascii  "RSC\x05"
    .word   0

enter:
    csrw    sie, zero
    csrci   sstatus, SSTATUS_SIE
    lla     t0, early_fault
    csrw    stvec, t0
    // The first to draw boots. Firmware without HSM lets every hart in here; and OpenSBI before 1.3 may
    // do so with a hart that it was asked to start elsewhere, if that hart looks for its address
    // just before it is written. The others go on when the boot hart has their records ready.
    lla     t0, boot_lottery
    li      t1, 1
    amoadd.w t1, t1, (t0)
    bnez    t1, boot_secondary_entry

    mv      s0, a0              // hart id
    mv      s1, a1              // device tree
    lla     s2, _start          // load address
    slli    t0, s2, 64 - MEGAPAGE_SHIFT
    lla     a2, text_misaligned
    bnez    t0, early_stop

    // The loader may have left anything in .bss. Its ends are 64-byte aligned.
    lla     t0, bss_start
    lla     t1, bss_end
1:  sd      zero, 0(t0)
    sd      zero, 8(t0)
    sd      zero, 16(t0)
    sd      zero, 24(t0)
    sd      zero, 32(t0)
    sd      zero, 40(t0)
    sd      zero, 48(t0)
    sd      zero, 56(t0)
    addi    t0, t0, 64
    bltu    t0, t1, 1b

    // The early tables, zero as part of .bss: the image in megapages where it is linked, and the
    // gigapages of memory that hold the image and the tree where the direct map has them.
    lla     s3, early_root
    lla     s4, early_image_table
    srli    t0, s4, 2
    ori     t0, t0, PTE_TABLE
    li      t1, ROOT_KERNEL_INDEX * 8
    add     t1, t1, s3
    sd      t0, 0(t1)
    lla     t1, image_end
    mv      t2, s2
    li      t3, 1 << MEGAPAGE_SHIFT
1:  srli    t0, t2, 2
    ori     t0, t0, PTE_IMAGE
    sd      t0, 0(s4)
    addi    s4, s4, 8
    add     t2, t2, t3
    bltu    t2, t1, 1b

    mv      a0, s2
    jal     ra, map_gigapage
    lla     a0, image_end
    jal     ra, map_gigapage
    mv      a0, s1
    jal     ra, map_gigapage
    li      t0, EARLY_TREE_REACH
    add     a0, s1, t0
    jal     ra, map_gigapage

    // Turning paging on faults at the next instruction, which is not mapped where it is; the fault
    // goes to stvec, which names the same place where it is mapped. So no identity map is needed.
    srli    t0, s3, 12
    li      t1, SATP_SV39 << 60
    or      t0, t0, t1
    lla     t1, high
    sub     t1, t1, s2
    li      t2, BOOT_KERNEL_BASE
    add     t1, t1, t2
    csrw    stvec, t1
    sfence.vma
    csrw    satp, t0

    .balign 4
high:
    sfence.vma
    lla     t0, early_fault
    csrw    stvec, t0
    lla     sp, boot_stack_top
    li      gp, 0
    li      tp, 0
    mv      a0, s0
    mv      a1, s1
    mv      a2, s2
    li      s0, 0               // ends backtraces
    li      ra, 0
    tail    riscv64_start

// Maps the gigapage that holds physical address a0 in the early direct map, if it can be. Keeps all
// but t0..t2.
map_gigapage:
    srli    t0, a0, GIGAPAGE_SHIFT
    li      t1, BOOT_DIRECT_GIGAPAGES
    bgeu    t0, t1, 1f
    slli    t1, t0, GIGAPAGE_SHIFT - 2
    ori     t1, t1, PTE_DATA
    addi    t0, t0, ROOT_DIRECT_INDEX
    slli    t0, t0, 3
    add     t0, t0, s3
    sd      t1, 0(t0)
1:  ret

// A hart that firmware started at the request of the boot hart. Only its id, in a0, is relied on:
// the opaque argument can be stale for the same reason as the address. Paging comes on as above, but
// at once with the kernel's own tables.
    .globl boot_secondary_entry
boot_secondary_entry:
    csrw    sie, zero
    csrci   sstatus, SSTATUS_SIE
find_record:
    lla     t3, boot_start_closed
    lw      t3, 0(t3)
    fence   r, r                // if closed, the table is seen complete
    lla     t0, boot_start_table
    li      t1, BOOT_START_ENTRIES
1:  ld      t2, START_ENTRY_RECORD(t0)
    beqz    t2, 2f
    fence   r, r                // the id and the record were written before its address
    ld      t4, START_ENTRY_HART(t0)
    beq     t4, a0, found_record
2:  addi    t0, t0, START_ENTRY_SIZE
    addi    t1, t1, -1
    bnez    t1, 1b
    beqz    t3, find_record     // the boot hart is still at work
    j       park                // this hart is not wanted

found_record:                   // t2: physical address of the record
    lla     t0, secondary_high
    lla     t1, _start
    sub     t0, t0, t1
    li      t1, BOOT_KERNEL_BASE
    add     t0, t0, t1
    csrw    stvec, t0
    ld      t0, START_RECORD_SATP(t2)
    ld      sp, START_RECORD_STACK(t2)
    ld      tp, START_RECORD_THREAD(t2)
    ld      t1, START_RECORD_ENTRY(t2)
    sfence.vma
    csrw    satp, t0

    .balign 4
secondary_high:
    sfence.vma
    li      gp, 0
    li      s0, 0
    li      ra, 0
    jr      t1

// A fault before C++ can report one.
    .balign 4
early_fault:
    lla     a2, text_fault
early_stop:                     // a2: what to say
    lbu     a0, 0(a2)
    beqz    a0, 1f
    li      a7, SBI_LEGACY_PUTCHAR
    ecall
    addi    a2, a2, 1
    j       early_stop
1:  li      a0, 0               // shut down
    li      a1, 1               // because of a failure
    li      a6, 0
    li      a7, SBI_SRST
    ecall
park:
    wfi
    j       park

    .section .rodata.entry, "a", @progbits
text_misaligned:
    .asciz  "panic: the kernel is not loaded at a 2 MiB boundary\n"
text_fault:
    .asciz  "panic: a fault on the way into the kernel\n"

    .section .data.boot_lottery, "aw", @progbits
    .balign 4
boot_lottery:
    .word   0
    // Not in .bss: harts look here while .bss may still hold anything.
    .globl  boot_start_closed, boot_start_table
boot_start_closed:
    .word   0
    .balign 8
boot_start_table:
    .fill   BOOT_START_ENTRIES * START_ENTRY_SIZE, 1, 0

    .section .bss.early_tables, "aw", @nobits
    .balign 4096
early_root:
    .skip   4096
early_image_table:
    .skip   4096

// Stacks of the boot hart; the page under each is left out of the kernel's own map.
    .section .noinit.stacks, "aw", @nobits
    .balign 4096
    .globl  boot_stack_guard, boot_stack_top, boot_emergency_guard, boot_emergency_top
boot_stack_guard:
    .skip   4096
    .skip   BOOT_STACK_SIZE
boot_stack_top:
boot_emergency_guard:
    .skip   4096
    .skip   BOOT_EMERGENCY_STACK_SIZE
boot_emergency_top:
