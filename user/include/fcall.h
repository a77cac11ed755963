// Records of 9P: what stat says of a file, in bytes. Messages are not here: 9P is not spoken.
#ifndef PROCYON_FCALL_H
#define PROCYON_FCALL_H

#include "libc.h"

enum { BIT8SZ = 1, BIT16SZ = 2, BIT32SZ = 4, BIT64SZ = 8, QIDSZ = 13 };
enum { STATFIXLEN = STATFIXED };

/* Little-endian numbers in bytes. */
#define GBIT8(p) ((p)[0])
#define GBIT16(p) ((ushort)((p)[0] | (p)[1] << 8))
#define GBIT32(p) ((u32int)((p)[0] | (p)[1] << 8 | (p)[2] << 16 | (u32int)(p)[3] << 24))
#define GBIT64(p) ((uvlong)GBIT32(p) | (uvlong)GBIT32((p) + 4) << 32)
#define PBIT8(p, v) ((p)[0] = (v))
#define PBIT16(p, v) ((p)[0] = (v), (p)[1] = (v) >> 8)
#define PBIT32(p, v) (PBIT16(p, v), PBIT16((p) + 2, (v) >> 16))
#define PBIT64(p, v) (PBIT32(p, v), PBIT32((p) + 4, (vlong)(v) >> 32))

uint convM2D(const uchar* record, uint size, Dir*,
             char* texts); /* the record's size; 0: it is wrong */
uint convD2M(const Dir*, uchar* record, uint size);
uint sizeD2M(const Dir*);                      /* the size that the record will have */
int statcheck(const uchar* record, uint size); /* -1: it is wrong */
int dirmodefmt(Fmt*);                          /* a verb for Dir.mode, usually %M */

#endif
