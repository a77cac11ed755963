// Floating-point loads and stores of watched memory: the registers have what they would have.
#include "floats.h"

static double doubles[600];
static float* halves(void) { return (float*)&doubles[40]; }

static void watch_all(void) {
    char line[80];
    const int n =
        snprint(line, sizeof line, "rw 0x%llux %d\n", (uvlong)doubles, (int)sizeof doubles);
    const int fd = process_file(getpid(), "watchpt", OWRITE | OTRUNC);
    CHECK(fd >= 0);
    SAME(write(fd, line, n), n);
    close(fd);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    notify(count_notes);
    // All of them at once, by fsd and fld; f0 to f31 and fcsr are told 33 times each.
    Floats* const there = (Floats*)doubles;
    const Floats expected = pattern(3);
    *there = expected;
    watch_all();
    notes_seen = 0;
    set_floats(there);
    FLOATS_ARE(expected);
    SAME(notes_seen, 33);
    notes_seen = 0;
    get_floats(there);
    SAME(notes_seen, 33);
    // Single ones, which are boxed; and over the end of a page.
    float single = 0;
    halves()[0] = 1.5f;
    asm volatile("flw %0, 0(%1)" : "=f"(single) : "r"(halves()) : "memory");
    CHECK(single == 1.5f);
    char* const end = (char*)(((uvlong)doubles + 4095) & ~4095ull);
    const double value = -2.25e100;
    double back = 0;
    asm volatile("fsd %1, 0(%2)\n fld %0, 0(%2)"
                 : "=&f"(back)
                 : "f"(value), "r"(end - 3)
                 : "memory");
    CHECK(back == value);
    exits("");
}
