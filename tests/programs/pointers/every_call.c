// Wild values in every argument of every call: errors and notes, and the program goes on.
#include "../check.h"

static const uvlong kWild[] = {0,
                               1,
                               7,
                               0xfff,
                               0x10001,
                               0x3effffff,
                               0x3ffffffe,
                               0x80200000,
                               0x3ffffffff8,
                               0x3fffffffff,
                               0x4000000000,
                               0x8000000000000000,
                               0xffffffbfffffffff,
                               0xffffffc000000000,
                               0xffffffc080200000,
                               0xffffffffffff0000,
                               0xfffffffffffffff8,
                               0xffffffffffffffff};

/* Not these: they end, wait, or change what this program stands on, which others look at. */
static int is_tried(int call) {
    static const int kNot[] = {CALL_exits, CALL_rfork, CALL_noted,    CALL_notify,
                               CALL_sleep, CALL_alarm, CALL_brk_,     CALL_rendezvous,
                               CALL_close, CALL_dup,   CALL_segattach};
    for (usize i = 0; i < nelem(kNot); ++i) {
        if (kNot[i] == call) return 0;
    }
    return 1;
}

static void tries(void) {
    static char good[64] = "/dev/null";
    CHECK(notify(count_notes) == 0);
    SAME(chdir("/dev"), 0);
    for (int call = 0; call < 64; ++call) {
        if (!is_tried(call)) continue;
        for (int which = 0; which < 4; ++which) {
            for (usize i = 0; i < nelem(kWild); ++i) {
                uvlong arguments[6] = {(uintptr)good, (uintptr)good, (uintptr)good, 8, 0, 0};
                arguments[which] = kWild[i];
                if (call == CALL_pread || call == CALL_pwrite) arguments[2] &= 0xffffffffffff;
                raw_call(call, arguments);
                strcpy(good, "/dev/null");
            }
        }
    }
    CHECK(notes_seen > 100);
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    DIES(tries, "");
    exits("");
}
