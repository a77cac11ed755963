// Where a program with picolibc begins: a0 is the Tos, sp points to argc, argv follows it.
    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, __tls_start
    ld a0, (sp)
    addi a1, sp, 8
    call procyon_main
    .size _start, . - _start
