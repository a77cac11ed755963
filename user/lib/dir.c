// Directories and what stat says, as records of 9P: little-endian numbers, texts behind their
// 16-bit size.
#include <fcall.h>

enum {
    kTexts = 4,
    kStatRoom = STATFIXED + 512,  // longer than any record of our kernel
    kDirRoom = 8192,
};

static uvlong get(const uchar* from, int size) {
    uvlong value = 0;
    for (int i = 0; i < size; ++i) value |= (uvlong)from[i] << 8 * i;
    return value;
}

static uchar* put(uchar* to, uvlong value, int size) {
    for (int i = 0; i < size; ++i) *to++ = value >> 8 * i;
    return to;
}

// The size of the record at `record`, if all of it is there and its texts fill it exactly; else 0.
static uint checked_size(const uchar* record, uint room) {
    if (room < STATFIXED) return 0;
    const uint size = get(record, 2) + 2;
    if (size > room || size < STATFIXED) return 0;
    uint at = STATFIXED - 2 * kTexts;
    for (int i = 0; i < kTexts; ++i) {
        if (at + 2 > size) return 0;
        at += 2 + get(record + at, 2);
    }
    return at == size ? size : 0;
}

uint convM2D(const uchar* record, uint room, Dir* dir, char* texts) {
    const uint size = checked_size(record, room);
    if (size == 0) return 0;
    dir->type = get(record + 2, 2);
    dir->dev = get(record + 4, 4);
    dir->qid.type = record[8];
    dir->qid.vers = get(record + 9, 4);
    dir->qid.path = get(record + 13, 8);
    dir->mode = get(record + 21, 4);
    dir->atime = get(record + 25, 4);
    dir->mtime = get(record + 29, 4);
    dir->length = get(record + 33, 8);
    char** const to[kTexts] = {&dir->name, &dir->uid, &dir->gid, &dir->muid};
    const uchar* at = record + STATFIXED - 2 * kTexts;
    for (int i = 0; i < kTexts; ++i) {
        const uint length = get(at, 2);
        *to[i] = memcpy(texts, at + 2, length);
        texts[length] = '\0';
        texts += length + 1;
        at += 2 + length;
    }
    return size;
}

uint convD2M(const Dir* dir, uchar* record, uint room) {
    const char* const texts[kTexts] = {dir->name, dir->uid, dir->gid, dir->muid};
    const uint size = sizeD2M(dir);
    if (size > room) return 0;
    uchar* at = put(record, size - 2, 2);
    at = put(at, dir->type, 2);
    at = put(at, dir->dev, 4);
    at = put(at, dir->qid.type, 1);
    at = put(at, dir->qid.vers, 4);
    at = put(at, dir->qid.path, 8);
    at = put(at, dir->mode, 4);
    at = put(at, dir->atime, 4);
    at = put(at, dir->mtime, 4);
    at = put(at, dir->length, 8);
    for (int i = 0; i < kTexts; ++i) {
        const uint length = texts[i] != nil ? strlen(texts[i]) : 0;
        at = put(at, length, 2);
        memcpy(at, texts[i], length);
        at += length;
    }
    return size;
}

// One entry out of a record, malloc'ed. Frees nothing.
static Dir* entry_of(const uchar* record, int size) {
    if (size < 0) return nil;
    Dir* dir = malloc(sizeof *dir + size + kTexts);
    if (dir != nil && convM2D(record, size, dir, (char*)(dir + 1)) == 0) {
        werrstr("bad stat record");
        free(dir);
        return nil;
    }
    return dir;
}

Dir* dirstat(const char* name) {
    uchar record[kStatRoom];
    return entry_of(record, stat(name, record, sizeof record));
}

Dir* dirfstat(int fd) {
    uchar record[kStatRoom];
    return entry_of(record, fstat(fd, record, sizeof record));
}

void nulldir(Dir* dir) {
    memset(dir, 0xff, sizeof *dir);
    dir->name = dir->uid = dir->gid = dir->muid = "";
}

int dirwstat(const char* name, const Dir* dir) {
    uchar record[kStatRoom];
    return wstat(name, record, convD2M(dir, record, sizeof record)) < 0 ? -1 : 0;
}

int dirfwstat(int fd, const Dir* dir) {
    uchar record[kStatRoom];
    return fwstat(fd, record, convD2M(dir, record, sizeof record)) < 0 ? -1 : 0;
}

// All records of `size` bytes as an array, the texts behind it. -1: one is wrong.
static long unpack(const uchar* records, long size, Dir** entries) {
    long count = 0;
    *entries = nil;
    for (long at = 0; at < size; ++count) {
        const uint record = checked_size(records + at, size - at);
        if (record == 0) {
            werrstr("bad stat record");
            return -1;
        }
        at += record;
    }
    if (count == 0) return 0;
    Dir* dirs =
        malloc(count * sizeof *dirs + size);  // a text's NUL takes one of the two bytes of its size
    if (dirs == nil) return -1;
    char* texts = (char*)(dirs + count);
    long at = 0;
    for (long i = 0; i < count; ++i) {
        const uint record = convM2D(records + at, size - at, &dirs[i], texts);
        texts += record - STATFIXED + kTexts;
        at += record;
    }
    *entries = dirs;
    return count;
}

long dirread(int fd, Dir** entries) {
    *entries = nil;
    uchar* records = malloc(kDirRoom);
    if (records == nil) return -1;
    const long size = read(fd, records, kDirRoom);
    const long count = size < 0 ? -1 : unpack(records, size, entries);
    free(records);
    return count;
}

long dirreadall(int fd, Dir** entries) {
    *entries = nil;
    uchar* records = nil;
    long size = 0, room = 0, count = -1;
    for (;;) {
        if (room - size < kDirRoom) {
            room = 2 * room + kDirRoom;
            uchar* more = realloc(records, room);
            if (more == nil) break;
            records = more;
        }
        const long got = read(fd, records + size, room - size);
        if (got <= 0) {
            if (got == 0) count = unpack(records, size, entries);
            break;
        }
        size += got;
    }
    free(records);
    return count;
}

uint sizeD2M(const Dir* dir) {
    const char* const texts[kTexts] = {dir->name, dir->uid, dir->gid, dir->muid};
    uint size = STATFIXED;
    for (int i = 0; i < kTexts; ++i) size += texts[i] != nil ? strlen(texts[i]) : 0;
    return size;
}

int statcheck(const uchar* record, uint size) {
    return checked_size(record, size) == size ? 0 : -1;
}
