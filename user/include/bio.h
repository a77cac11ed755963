// Buffered input and output.
#ifndef PROCYON_BIO_H
#define PROCYON_BIO_H

#include "libc.h"

enum { Bsize = 8192, Beof = -1 };

/* Written ones are flushed at exits(). */
typedef struct Biobuf Biobuf;
struct Biobuf {
    int fd, mode;  /* OREAD or OWRITE; -1: closed */
    int failed;    /* a read or write failed: nothing more comes or goes */
    uint at, size; /* next byte; bytes there (reading) */
    uint line;     /* of the last Brdline() */
    vlong offset;  /* in the stream: of the buffer's beginning */
    Biobuf* next;  /* of those to be flushed */
    uchar data[Bsize];
};

void Binit(Biobuf*, int fd, int mode);
Biobuf* Bopen(const char* name, int mode); /* OWRITE creates; nil: it cannot be opened */
int Bterm(Biobuf*); /* flushes, closes what Bopen() opened; -1: what was written is not all there */
int Bflush(Biobuf*);

int Bgetc(Biobuf*); /* Beof at the end */
int Bungetc(Biobuf*);
long Bgetrune(Biobuf*);
/* The next line, its delimiter included, in the buffer: until the next call. nil: the end, or no
 * delimiter in Bsize bytes (Blinelen() is then not 0) or in what is left (then 0, and Bgetc() gives
 * it). */
char* Brdline(Biobuf*, int delimiter);
int Blinelen(Biobuf*);
/* The next line of any length, malloc'ed and ended with NUL; without its delimiter if `chop`. nil
 * at the end. */
char* Brdstr(Biobuf*, int delimiter, int chop);
long Bread(Biobuf*, void* buffer, long size);
vlong Boffset(Biobuf*);

int Bputc(Biobuf*, int byte);
int Bputrune(Biobuf*, long rune);
long Bwrite(Biobuf*, const void* data, long size);
int Bprint(Biobuf*, const char* format, ...);

#endif
