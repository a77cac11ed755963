// ecall with a number that is no call's: an error and a note; without a handler, the end.
#include "../check.h"

static const uvlong kNone[6];
static uvlong number;

static void calls(void) { raw_call(number, kNone); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    static const uvlong kNumbers[] = {
        1,   9,    11,       13,        55,               63,        64,   65,  127,
        255, 1000, 1u << 31, 1ul << 32, (1ul << 32) + 53, 1ul << 63, -1ul, -53ul};
    CHECK(notify(count_notes) == 0);
    for (usize i = 0; i < nelem(kNumbers); ++i) {
        const long result = raw_call(kNumbers[i], kNone);
        if (result != -1) fail("%llx returns %ld", kNumbers[i], result);
        FAILS(result, "bad arg in system call");
        SAME(notes_seen, i + 1);
        CHECK(strncmp(last_note, "sys: bad sys call", 17) == 0);
    }
    notify(nil);
    number = 60;
    DIES(calls, "sys: bad sys call*");
    number = -1;
    DIES(calls, "sys: bad sys call*");
    exits("");
}
