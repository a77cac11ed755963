// malloc() and free(): lists of free blocks by size, over brk_().
//
// Sizes are 2^k and 3 * 2^(k-1), so a block is at most a third larger than what was asked for, and
// both calls cost the same whatever is allocated. Blocks keep their size for good: a program that
// frees all its small ones and wants a large one takes new memory. Every block is preceded by a
// header of 16 bytes, which names its list.
#include <libc.h>

typedef struct Block Block;
struct Block {
    uint list;
    uint magic;
    Block* next;  // of the list; where the caller's bytes begin is a multiple of 16
};

enum {
    kHeader = sizeof(Block),
    kLists = 2 * 40,
    kSmallest = 32,     // header included
    kGrain = 64 << 10,  // brk_() is asked for this much at least
    kTaken = 0x70cc7a4e,
    kFree = 0x70ccf2ee,
    kMoved = 0x70cca116,  // of mallocalign(): `next` is the block that the bytes are in
};

static struct {
    Lock lock;
    Block* free[kLists];
    uchar *at, *end;  // memory that was never given out
} heap;

static usize list_size(uint list) {
    const usize size = (usize)kSmallest << list / 2;
    return list % 2 == 0 ? size : size + size / 2;
}

static uint list_of(usize size) {
    uint list = 0;
    while (list < kLists && list_size(list) < size) ++list;
    return list;
}

// Lets `size` more bytes lie between heap.at and heap.end. 0: there are none.
static int grow(usize size) {
    if ((usize)(heap.end - heap.at) >= size) return 1;
    const usize more = size > kGrain ? size : kGrain;
    uchar* const fresh = sbrk(more);
    if (fresh == (void*)-1) return 0;
    // What was left lies before it, unless the program moved the break itself.
    if (fresh != heap.end) heap.at = (uchar*)(((uintptr)fresh + 15) & ~(uintptr)15);
    heap.end = fresh + more;
    return (usize)(heap.end - heap.at) >= size || grow(size);
}

static Block* take(usize size) {
    const uint list = list_of(size);
    if (list == kLists) {
        werrstr("virtual memory allocation failed");
        return nil;
    }
    Block* block = heap.free[list];
    if (block != nil) {
        heap.free[list] = block->next;
        return block;
    }
    if (!grow(list_size(list))) return nil;
    block = (Block*)heap.at;
    block->list = list;
    heap.at += list_size(list);
    return block;
}

static Block* block_of(void* bytes) {
    Block* block = (Block*)((uchar*)bytes - kHeader);
    if (block->magic == kMoved) block = block->next;
    if (block->magic != kTaken)
        abort();  // never allocated, freed twice, or written before its beginning
    return block;
}

void* malloc(usize size) {
    if (size > ~(usize)0 / 4)
        size = ~(usize)0 / 4;  // which no list has, and no sum below overflows
    lock(&heap.lock);
    Block* block = take(size + kHeader);
    if (block != nil) block->magic = kTaken;
    unlock(&heap.lock);
    return block != nil ? (uchar*)block + kHeader : nil;
}

void free(void* bytes) {
    if (bytes == nil) return;
    lock(&heap.lock);
    Block* block = block_of(bytes);
    block->magic = kFree;
    block->next = heap.free[block->list];
    heap.free[block->list] = block;
    unlock(&heap.lock);
}

void* mallocz(usize size, int clear) {
    void* bytes = malloc(size);
    return bytes != nil && clear ? memset(bytes, 0, size) : bytes;
}

void* calloc(usize count, usize size) {
    usize bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = ~(usize)0;
    return mallocz(bytes, 1);
}

usize msize(void* bytes) {
    const Block* block = block_of(bytes);
    return (const uchar*)block + list_size(block->list) - (uchar*)bytes;
}

void* realloc(void* bytes, usize size) {
    if (bytes == nil) return malloc(size);
    const usize room = msize(bytes);
    if (size <= room) return bytes;
    void* moved = malloc(size);
    if (moved == nil) return nil;
    memcpy(moved, bytes, room);
    free(bytes);
    return moved;
}

void* mallocalign(usize size, usize align, long offset, usize span) {
    if (align == 0) align = 8;
    if (offset % 8 != 0 || align % 8 != 0 || (span != 0 && size > span)) {
        werrstr("no such place for %uzd bytes", size);
        return nil;
    }
    uchar* bytes = malloc(size + kHeader + align + span);
    if (bytes == nil) return nil;
    // The first place that fits, with a header before it.
    uintptr at = (uintptr)bytes + kHeader - offset;
    at += (align - at % align) % align + offset;
    while (span != 0 && at / span != (at + size - 1) / span) at += align;
    Block* const moved = (Block*)(at - kHeader);
    *moved = (Block){.magic = kMoved, .next = block_of(bytes)};
    return (void*)at;
}

void setmalloctag(void* block, uintptr tag) { USED(block, tag); }
void setrealloctag(void* block, uintptr tag) { USED(block, tag); }
uintptr getmalloctag(void* block) {
    USED(block);
    return 0;
}
uintptr getrealloctag(void* block) { return getmalloctag(block); }
