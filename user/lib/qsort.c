// qsort(): heap sort, so that no input is slow and no stack is needed.
#include <libc.h>

typedef struct {
    uchar* base;
    usize size;
    int (*compare)(const void*, const void*);
} Items;

static uchar* item(const Items* items, usize index) { return items->base + index * items->size; }

static void swap(uchar* a, uchar* b, usize size) {
    for (; size > 0; --size, ++a, ++b) {
        const uchar byte = *a;
        *a = *b;
        *b = byte;
    }
}

// Lets item `at` sink until both beneath it, at 2 at + 1 and 2 at + 2, are not greater.
static void sink(const Items* items, usize at, usize count) {
    for (usize child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && items->compare(item(items, child), item(items, child + 1)) < 0) {
            ++child;
        }
        if (items->compare(item(items, at), item(items, child)) >= 0) return;
        swap(item(items, at), item(items, child), items->size);
    }
}

void qsort(void* base, usize count, usize size, _Compare compare) {
    const Items items = {base, size, compare.exact};
    for (usize at = count / 2; at-- > 0;) sink(&items, at, count);
    for (usize end = count; end-- > 1;) {
        swap(item(&items, 0), item(&items, end), size);
        sink(&items, 0, end);
    }
}
