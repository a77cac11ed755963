// The names of a program's functions and variables, from the symbol table of an ELF file.
#ifndef PROCYON_DEBUG_SYMBOLS_H
#define PROCYON_DEBUG_SYMBOLS_H

#include <libc.h>

typedef struct Symbol Symbol;
struct Symbol {
    uvlong at;
    uvlong size;  /* 0: to the next one */
    uvlong limit; /* the end of the section that it is in */
    const char* name;
    int rank; /* of those at one place the highest names it */
};

/* Reads those of the program of `pid`: from `file`, or if that is nil from the program's own file,
 * or from one beside it with .debug behind its name. How many; -1: there are none, and %r says why.
 */
int read_symbols(int pid, const char* file);
/* The symbol that a place belongs to; nil: there is none. */
const Symbol* symbol_at(uvlong at);
/* The one with this name, or if several have it, the one of that number; nil: there are fewer. */
const Symbol* find_symbol(const char* name, int number);
/* A place as NAME+0xOFFSET, "" without a symbol. It stays for a few calls. */
const char* place_name(uvlong at);

#endif
