// A call may use memory over the ends of pages and segments, if it has it all.
#include "../check.h"

static char data[3 * 4096];

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int ends[2];
    CHECK(pipe(ends) == 0);
    for (int edge = 4096; edge <= 8192; edge += 4096) {
        for (int before = 1; before <= 9; before += 4) {
            char* const at = (char*)(((uintptr)data + edge) & ~(uintptr)4095) - before;
            strcpy(at, "over the edge");
            SAME(write(ends[0], at, 14), 14);
            memset(at, 0, 14);
            SAME(read(ends[1], at, 14), 14);
            CHECK(strcmp(at, "over the edge") == 0);
        }
    }
    exits("");
}
