// Sums in doubles by several processes at once come out to the last bit, in each rounding.
#include "../check.h"

enum { kProcesses = 4, kTerms = 30000 };

static double leibniz(void) {
    double sum = 0;
    for (int i = 0; i < kTerms; ++i) sum += (i % 2 == 0 ? 4.0 : -4.0) / (2 * i + 1);
    return sum;
}

static void set_rounding(ulong mode) { __asm__ volatile("fsrm %0" : : "r"(mode)); }

static uvlong bits(double value) {
    uvlong word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static void sums(void) {
    static const uvlong kExpected[] = {0x400921e9da57905f, 0x400921e9da57555d, 0x400921e9da57555d,
                                       0x400921e9da57ca8c};
    for (ulong mode = 0; mode < nelem(kExpected); ++mode) {
        set_rounding(mode);
        const uvlong sum = bits(leibniz());
        set_rounding(0);
        if (sum != kExpected[mode]) fail("rounding %uld: %llux", mode, sum);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pids[kProcesses];
    for (int i = 0; i < kProcesses; ++i) pids[i] = child(sums);
    sums();
    for (int i = 0; i < kProcesses; ++i) ENDS(pids[i], "");
    exits("");
}
