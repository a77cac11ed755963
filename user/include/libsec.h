/* Digests: what of Plan 9's libsec this library has. */
#ifndef _LIBSEC_H
#define _LIBSEC_H 1

#include <u.h>

enum { SHA1dlen = 20 };

/* A message of which a part was digested. */
typedef struct DigestState DigestState;
typedef struct DigestState SHA1state;
struct DigestState {
    uvlong len;
    u32int state[5];
    uchar buf[64];
    int blen;
    int malloced;
    uchar outer[64]; /* of hmac_sha1(): the key for the second pass */
};

/* Adds n bytes. With `digest` that is the end: the digest is put there and `state` freed, and nil returned. Without it more
 * follows: returns the state to go on with. `state` is nil at the beginning. nil without digest: there is no memory. */
DigestState* sha1(uchar* data, ulong n, uchar* digest, DigestState* state);
/* The same of the code that goes with a key, of at most 64 bytes. */
DigestState* hmac_sha1(uchar* data, ulong n, uchar* key, ulong keylen, uchar* digest, DigestState* state);

#endif
