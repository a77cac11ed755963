// Writing to a pipe that nobody reads is an error and a note; reading one that nobody writes, 0.
#include "../check.h"

static int ends[2];

static void writes(void) { write(ends[1], "x", 1); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    CHECK(pipe(ends) == 0);
    close(ends[0]);
    DIES(writes, "sys: write on closed pipe*");
    CHECK(notify(count_notes) == 0);
    CHECK(write(ends[1], "x", 1) == -1);
    SAME(notes_seen, 1);
    CHECK(strncmp(last_note, "sys: write on closed pipe", 25) == 0);
    char text;
    SAME(read(ends[1], &text, 1), 0);
    exits("");
}
