// What the system's own programs use beyond Plan 9's names. A program that was written elsewhere
// and has functions of these names does not include it.
#ifndef PROCYON_PROCYON_H
#define PROCYON_PROCYON_H

#include "ctype.h"
#include "libc.h"

void* emalloc(usize size); /* or sysfatal() */
void* erealloc(void* block, usize size);
char* estrdup(const char* text);

char* dirmode(char buffer[12], ulong mode); /* d-rwxr-xr-x */
int wordneedsquote(const char* word);

#endif
