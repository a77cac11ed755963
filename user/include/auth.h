// Whose a process is. Nothing here proves who somebody is.
#ifndef PROCYON_AUTH_H
#define PROCYON_AUTH_H

int procsetuser(const char* user); /* the caller becomes that user's, if it may; -1: it may not */

#endif
