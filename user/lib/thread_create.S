// thread_create(): a process that shares all memory and begins on a stack of its own.
#define SYSCALL(number, name, function) .equ CALL_##name, number
#include "syscalls.def"

    .equ RFPROC, 1 << 4
    .equ RFMEM, 1 << 5
    .equ RFNOWAIT, 1 << 6
    .equ RFTHREAD, 1 << 17

// int thread_create(void (*fn)(void*), void* arg, void* stack_top)
// Both come back from rfork on one stack, so what the child needs is in registers that the call
// keeps, and it touches no memory before it has a stack of its own.
    .section .text.thread_create, "ax", @progbits
    .globl thread_create
    .type thread_create, @function
thread_create:
    addi sp, sp, -32
    sd s0, 0(sp)
    sd s1, 8(sp)
    sd s2, 16(sp)
    mv s0, a0
    mv s1, a1
    andi s2, a2, -16
    li a0, RFPROC | RFMEM | RFNOWAIT | RFTHREAD
    li a7, CALL_rfork
    ecall
    beqz a0, 1f
    ld s0, 0(sp)
    ld s1, 8(sp)
    ld s2, 16(sp)
    addi sp, sp, 32
    ret
1:
    mv sp, s2
    mv a0, s1
    jalr s0
    li a0, 0
    li a7, CALL_exits
    ecall
    .size thread_create, . - thread_create
