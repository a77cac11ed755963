// What a debugger writes into a stopped process is there as a whole before that goes on, whoever
// starts it meanwhile.
#include "../check.h"

enum { PAGE = 4096, TURNS = 300 };

/* Two words that one write changes, on two pages. */
static struct {
    uchar before[PAGE - sizeof(uvlong)];
    volatile uvlong first;
    volatile uvlong second;
} *pair;

static void looks(void) {
    for (;;) {
        const uvlong first = pair->first;
        const uvlong second = pair->second;
        // It is read later: what was written between is newer, nothing older.
        if (second < first) _exits("half of what was written");
    }
}

static int target;

static void starts_it(void) {
    for (;;) {
        if (control(target, "stop") < 0 || control(target, "start") < 0) sleep(0);
    }
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    pair = segattach(0, "memory", nil, 2 * PAGE);
    CHECK(pair != (void*)-1);
    pair->first = pair->second = 0;
    target = child(looks);
    const int other = child(starts_it);
    const int mem = process_file(target, "mem", OWRITE);
    CHECK(mem >= 0);
    for (uvlong i = 1, tried = 0; i <= TURNS && tried < 100 * TURNS; ++tried) {
        const uvlong words[2] = {i, i};
        if (pwrite(mem, words, sizeof words, (uvlong)&pair->first) == sizeof words) ++i;
        if (state_of(target)[0] == '\0') break;
    }
    CHECK(control(other, "kill") == 0);
    CHECK(control(target, "kill") == 0 || state_of(target)[0] == '\0');
    for (int i = 0; i < 2; ++i) {
        char record[WAITTEXT];
        const int size = await(record, sizeof record - 1);
        CHECK(size > 0);
        record[size] = '\0';
        CHECK(strstr(record, "half") == nil);
    }
    exits("");
}
