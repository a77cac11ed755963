// Buffered input and output.
#ifndef PROCYON_BIO_H
#define PROCYON_BIO_H

#include "libc.h"

enum { Bsize = 8192, Bungetsize = UTFmax + 1, Beof = -1, Bbad = -2 };

/* Written ones are flushed at exits(). A Biobufhdr is one whose data is elsewhere: Binits(). */
typedef struct Biobuf Biobuf;
typedef Biobuf Biobufhdr;
struct Biobuf {
    int fid, mode; /* OREAD or OWRITE; -1: closed */
    int failed;    /* a read or write failed: nothing more comes or goes */
    int opened;    /* Bterm() closes the descriptor and frees this */
    uint at, size; /* next byte; bytes there (reading) */
    uint line;     /* of the last Brdline() */
    uint rune;     /* of the last Bgetrune() */
    vlong offset;  /* in the stream: of the buffer's beginning */
    Biobuf* next;  /* of those to be flushed */
    uchar* data;
    uint room;
    void (*lethal)(char*);
    int (*transfer)(Biobuf*, void*, long);
    void* aux; /* the program's */
    uchar own[Bungetsize + Bsize];
};

int Binit(Biobuf*, int fd, int mode); /* OREAD or OWRITE; else Beof, as where a call fails */
int Binits(Biobufhdr*, int fd, int mode, uchar* data, int size);
Biobuf* Bopen(const char* name, int mode); /* OWRITE creates; nil: it cannot be opened */
Biobuf* Bfdopen(int fd, int mode);
/* Flushes; what was opened is closed and freed. -1: what was written is not all there */
int Bterm(Biobuf*);
int Bflush(Biobuf*);

int Bgetc(Biobuf*);   /* Beof at the end */
int Bungetc(Biobuf*); /* up to Bungetsize times after as many bytes */
long Bgetrune(Biobuf*);
int Bungetrune(Biobuf*);     /* once */
int Bgetd(Biobuf*, double*); /* a number, blanks before it skipped; Beof: there is none */
/* The next line, its delimiter included, in the buffer: until the next call. nil: the end, or no
 * delimiter in a whole buffer (Blinelen() is then not 0) or in what is left (then 0, and Bgetc()
 * gives it). */
void* Brdline(Biobuf*, int delimiter);
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
int Bvprint(Biobuf*, const char* format, va_list);

vlong Bseek(Biobuf*, vlong offset, int from);
int Bbuffered(Biobuf*); /* bytes that were read ahead, or not yet written */
int Bfildes(Biobuf*);
void Blethal(Biobuf*, void (*function)(char*)); /* called when it fails; nil: sysfatal() */
void Berror(Biobuf*, const char* format, ...);
void Biofn(Biobuf*, int (*function)(Biobuf*, void*, long)); /* in place of read() or write() */

#define BGETC(buffer) Bgetc(buffer)
#define BPUTC(buffer, byte) Bputc(buffer, byte)
#define BOFFSET(buffer) Boffset(buffer)
#define BLINELEN(buffer) Blinelen(buffer)
#define BFILDES(buffer) Bfildes(buffer)

#endif
