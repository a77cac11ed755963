/* SHA-1 (FIPS 180-4) and HMAC with it (RFC 2104). */
#include <libc.h>
#include <libsec.h>

enum { kBlock = 64 };

static u32int rotated(u32int x, int by) { return x << by | x >> (32 - by); }

static void digest_block(u32int state[5], const uchar* p) {
    u32int w[80], v[5];
    for (int i = 0; i < 16; ++i, p += 4) w[i] = (u32int)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    for (int i = 16; i < 80; ++i) w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    memmove(v, state, sizeof v);
    for (int i = 0; i < 80; ++i) {
        static const u32int constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
        const u32int b = v[1], c = v[2], d = v[3];
        const u32int mixed = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        const u32int next = rotated(v[0], 5) + mixed + v[4] + w[i] + constants[i / 20];
        v[4] = d;
        v[3] = c;
        v[2] = rotated(b, 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (int i = 0; i < 5; ++i) state[i] += v[i];
}

static void add(DigestState* s, const uchar* data, ulong n) {
    s->len += n;
    while (n > 0) {
        const ulong part = n < (ulong)(kBlock - s->blen) ? n : (ulong)(kBlock - s->blen);
        memmove(s->buf + s->blen, data, part);
        s->blen += part;
        data += part;
        n -= part;
        if (s->blen == kBlock) {
            digest_block(s->state, s->buf);
            s->blen = 0;
        }
    }
}

static void begin(DigestState* s) {
    static const u32int first[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    memmove(s->state, first, sizeof first);
    s->len = 0;
    s->blen = 0;
}

static void finish(DigestState* s, uchar* digest) {
    static const uchar padding[kBlock] = {0x80};
    const uvlong bits = s->len * 8;
    uchar size[8];
    for (int i = 0; i < 8; ++i) size[i] = bits >> (56 - 8 * i);
    add(s, padding, 1 + (kBlock * 2 - 9 - s->blen) % kBlock);
    add(s, size, sizeof size);
    for (int i = 0; i < SHA1dlen; ++i) digest[i] = s->state[i / 4] >> (24 - 8 * (i % 4));
}

/* `state` if there is one, else a new one; nil: no memory. */
static DigestState* continued(DigestState* state) {
    if (state != nil) return state;
    DigestState* const s = malloc(sizeof *s);
    if (s == nil) return nil;
    memset(s, 0, sizeof *s);
    s->malloced = 1;
    begin(s);
    return s;
}

DigestState* sha1(uchar* data, ulong n, uchar* digest, DigestState* state) {
    if (state == nil && digest != nil) {  // all at once
        DigestState here = {.malloced = 0};
        begin(&here);
        return sha1(data, n, digest, &here);
    }
    DigestState* const s = continued(state);
    if (s == nil) return nil;
    add(s, data, n);
    if (digest == nil) return s;
    finish(s, digest);
    if (s->malloced) free(s);
    return nil;
}

/* Begins the first pass, and keeps the key for the second. */
static void begin_keyed(DigestState* s, const uchar* key, ulong size) {
    enum { kInner = 0x36, kOuter = 0x5c };
    uchar inner[kBlock];
    begin(s);
    for (ulong i = 0; i < kBlock; ++i) {
        const uchar of_key = i < size ? key[i] : 0;
        inner[i] = of_key ^ kInner;
        s->outer[i] = of_key ^ kOuter;
    }
    add(s, inner, sizeof inner);
}

DigestState* hmac_sha1(uchar* data, ulong n, uchar* key, ulong keylen, uchar* digest, DigestState* state) {
    if (keylen > kBlock) return nil;
    if (state == nil && digest != nil) {  // all at once
        DigestState here = {.malloced = 0};
        begin_keyed(&here, key, keylen);
        return hmac_sha1(data, n, key, keylen, digest, &here);
    }
    DigestState* const s = continued(state);
    if (s == nil) return nil;
    if (state == nil) begin_keyed(s, key, keylen);
    add(s, data, n);
    if (digest == nil) return s;
    finish(s, digest);
    begin(s);
    add(s, s->outer, kBlock);
    add(s, digest, SHA1dlen);
    finish(s, digest);
    if (s->malloced) free(s);
    return nil;
}
