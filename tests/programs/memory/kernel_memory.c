// A program can neither read nor write nor execute addresses of the kernel.
#include "../check.h"

static uintptr where;

static void reads(void) { (void)*(volatile char*)where; }
static void writes(void) { *(volatile char*)where = 'x'; }
static void jumps(void) { ((void (*)(void))where)(); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const uintptr kWhere[] = {
        0,          8,           1ul << 38,  1ul << 39,          0x80000000,
        0x80200000, 0xc00000000, 1ul << 63,  0xffffffc000000000, 0xffffffc080200000,
        -4096ul,    -2ul,        0x10000000, 0xffffffff80000000, 0xffffffd000000000};
    for (usize i = 0; i < nelem(kWhere); ++i) {
        where = kWhere[i];
        DIES(reads, "sys: trap: *");
        DIES(writes, "sys: trap: *");
        DIES(jumps, "sys: trap: *");
    }
    exits("");
}
