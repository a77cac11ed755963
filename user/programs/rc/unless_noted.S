// A call that is not begun once a note has come: the look at the mark and the ecall are one, because the handler moves on
// who stands between them.

    .section .text.rc_unless_noted, "ax", @progbits
    .globl rc_unless_noted, rc_unless_noted_begin, rc_unless_noted_end, rc_unless_noted_came
    .type rc_unless_noted, @function
// a0: the mark; a1: the call's number; a2 to a5: its arguments.
rc_unless_noted:
    mv      t0, a0
    mv      a7, a1
    mv      a0, a2
    mv      a1, a3
    mv      a2, a4
    mv      a3, a5
rc_unless_noted_begin:
    lbu     t0, 0(t0)
    bnez    t0, rc_unless_noted_came
    ecall
rc_unless_noted_end:
    ret
rc_unless_noted_came:
    li      a0, -2          // kNoteCame
    ret
    .size rc_unless_noted, . - rc_unless_noted
