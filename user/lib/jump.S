// setjmp() and longjmp(): what a call keeps, kept for later.
#ifdef __riscv_flen
#define FLOATS 1
#else
#define FLOATS 0
#endif

    .macro each what, float
    \what sp, 0(a0)
    \what ra, 8(a0)
    .set offset, 16
    .irp register, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    \what \register, offset(a0)
    .set offset, offset + 8
    .endr
    .if FLOATS
    .irp register, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
    \float \register, offset(a0)
    .set offset, offset + 8
    .endr
    .endif
    .endm

    .section .text.jump, "ax", @progbits
    .globl setjmp
    .type setjmp, @function
setjmp:
    each sd, fsd
    li a0, 0
    ret
    .size setjmp, . - setjmp

    .globl longjmp
    .type longjmp, @function
longjmp:
    each ld, fld
    // setjmp() is 0 only the first time.
    seqz a0, a1
    add a0, a0, a1
    ret
    .size longjmp, . - longjmp
