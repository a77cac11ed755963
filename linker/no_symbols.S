// The empty symbol table of the first link.
    .section .symbol_table, "a", @progbits
    .balign 8
    .globl symbol_table
symbol_table:
    .word 0, 0
