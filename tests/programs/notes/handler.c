// A handler gets the note, and the program goes on where it was with the registers it had.
#include "../check.h"

static void posts(char* note) { SAME(postnote(PNPROC, getpid(), note), 0); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(notify(count_notes) == 0);
    for (int i = 0; i < 50; ++i) {
        char text[16];
        snprint(text, sizeof text, "note %d", i);
        posts(text);
        SAME(notes_seen, i + 1);
        CHECK(strcmp(last_note, text) == 0);
    }
    exits("");
}
