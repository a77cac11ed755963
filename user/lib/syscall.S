// A function for each row of syscalls.def, under its own name and as sys_NAME.
//
// The first is weak: another library may have a function of that name, which then calls the second.
    .macro stub number, name, function
    .section .text.sys_\name, "ax", @progbits
    .globl sys_\name
    .weak \function
    .type sys_\name, @function
    .type \function, @function
sys_\name:
\function:
    li a7, \number
    ecall
    ret
    .size sys_\name, . - sys_\name
    .endm

#define SYSCALL(number, name, function) stub number, name, function
#include "syscalls.def"
