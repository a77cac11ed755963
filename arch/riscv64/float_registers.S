// Floating-point registers to and from memory. The only code of the kernel that names them.

#include "arch/riscv64/float_registers.h"

    .option arch, +d
    .section .text.float_registers, "ax", @progbits
    .globl riscv64_save_floats, riscv64_load_floats
// a0: FloatRegisters.
riscv64_save_floats:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fsd     f\n, 8 * \n(a0)
    .endr
    frcsr   t0
    sw      t0, FLOAT_REGISTERS_CONTROL(a0)
    ret

riscv64_load_floats:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fld     f\n, 8 * \n(a0)
    .endr
    lw      t0, FLOAT_REGISTERS_CONTROL(a0)
    fscsr   t0
    ret
