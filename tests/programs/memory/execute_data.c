// What can be written cannot be executed: data, bss, stack, attached memory, constants.
#include "../check.h"

typedef uint Code[2];
static Code data = {0x00008067, 0x00008067};  // ret
static Code bss;
static const Code kConstant = {0x00008067, 0x00008067};
static void* where;

static void jumps(void) { ((void (*)(void))where)(); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    Code stack;
    Code* const attached = segattach(0, "memory", nil, 4096);
    Code* const heap = malloc(sizeof(Code));
    CHECK(attached != (void*)-1);
    memcpy(stack, data, sizeof stack);
    memcpy(bss, data, sizeof bss);
    memcpy(*attached, data, sizeof bss);
    memcpy(*heap, data, sizeof bss);
    void* const kWhere[] = {data, bss, stack, attached, heap, (void*)kConstant};
    for (usize i = 0; i < nelem(kWhere); ++i) {
        where = kWhere[i];
        segflush(where, 8);
        DIES(jumps, "sys: trap: fault execute addr=*");
    }
    exits("");
}
