// Where a program begins: a0 is the Tos, sp points to argc, argv follows it.
    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la t0, _tos
    sd a0, (t0)
    ld a0, (sp)
    addi a1, sp, 8
    // Sixteen words for privalloc(); the stack is zero.
    addi sp, sp, -128
    la t0, _privates
    sd sp, (t0)
    ld t1, (a1)
    la t0, argv0
    sd t1, (t0)
    call main
    la a0, .Lreturned
    call exits
    .size _start, . - _start

    // A program that says nothing about its end has failed to say it: Plan 9's status for that.
    .section .rodata.start, "a"
.Lreturned:
    .asciz "main"

    .section .sbss.privates, "aw", @nobits
    .globl _privates
    .balign 8
_privates:
    .zero 8
