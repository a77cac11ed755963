// Sizes and addresses that have their highest bit in 32, or more than 32: none is cut.
#include "../check.h"

enum { kPage = 4096 };

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    char* const base = sbrk(kPage);
    base[0] = 'b';
    // There is no way past the stack, and brk() is not led round it by what is left of 32 bits.
    FAILS((vlong)sbrk(0x80000004), "segments overlap");
    FAILS((vlong)sbrk(0x100000004), "segments overlap");
    FAILS((vlong)sbrk(0xffffffff), "segments overlap");
    FAILS((vlong)sbrk((long)1 << 62), "bad arg in system call");
    SAME(base[0], 'b');
    CHECK(sbrk(0) == base + kPage);

    char* const at = segattach(0, "memory", nil, kPage);
    CHECK(at != (void*)-1);
    at[0] = 'a';
    static const long kSizes[] = {0x7ffffffc, 0x80000004, 0xfffffffc, 0x100000004, 0x180000004};
    for (usize i = 0; i < nelem(kSizes); ++i) {
        CHECK(segbrk(at, at + kSizes[i]) == at + kSizes[i]);
        volatile char* const top = at + kSizes[i];
        SAME(top[-1], 0);
        top[-1] = top[-1] + 1;
        SAME(top[-1], 1);
        SAME(at[0], 'a');
        CHECK(segbrk(at, at + kPage) == at + kPage);
    }
    SAME(segdetach(at), 0);
    // The last bytes below 4 GiB and the first above.
    char* const over = segattach(0, "memory", (void*)(uintptr)0xffffe000, 4 * kPage);
    CHECK(over == (char*)(uintptr)0xffffe000);
    memset(over, 'o', 4 * kPage);
    SAME(over[0] + over[4 * kPage - 1], 2 * 'o');
    exits("");
}
