// Regular expressions as Plan 9 has them: . [a-z] [^a-z] ^ $ * + ? | ( ) and \ before any of these.
#ifndef PROCYON_REGEXP_H
#define PROCYON_REGEXP_H

#include "libc.h"

enum { NSUBEXP = 32 };

/* Where a (sub)expression matched: [sp, ep), or in runes [rsp, rep). nil: it took no part. */
typedef struct Resub {
    union {
        const char* sp;
        const Rune* rsp;
    };
    union {
        const char* ep;
        const Rune* rep;
    };
} Resub;

/* Used by one process at a time. */
typedef struct Reprog Reprog;

/* Compiles `text`. nil: it is wrong, and %r says how. `.` matches newlines only with regcompnl().
 */
Reprog* regcomp(const char* text);
Reprog* regcompnl(const char* text);
/* Compiles each byte of `text` as itself. */
Reprog* regcomplit(const char* text);
/* Letters match in either case. Before the first regexec(). */
void regfold(Reprog*);
/*
 * The leftmost longest match in `text`. Of match[0] (all) and the parenthesised ones as many as
 * there is room for are filled. match[0].sp, if set, is where to begin, and match[0].ep, if set,
 * where the text ends; ^ matches at `text` and after newlines, $ at the end and before newlines. 1
 * if there is one. Cost: length of the text times that of the program.
 */
int regexec(Reprog*, const char* text, Resub* match, int room);
int rregexec(Reprog*, const Rune* text, Resub* match, int room); /* in runes */
/* Writes `with` to `to`, cut to fit, \1 to \9 in it being what these matched, \0 and & all. */
void regsub(const char* with, char* to, int size, const Resub* match, int count);
void rregsub(const Rune* with, Rune* to, int size, const Resub* match, int count);
/* What regcomp() tells of a wrong expression besides: nothing, unless the program has its own. */
void regerror(char* why);
void regfree(Reprog*);

#endif
