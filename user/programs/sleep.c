// sleep: lets seconds pass, with up to three digits behind the point.
#include <ctype.h>
#include <libc.h>

enum { kMost = 1000000 };  // seconds in one call

void main(int argc, char* argv[]) {
    if (argc != 2 || (!isdigit(argv[1][0]) && argv[1][0] != '.')) {
        fprint(2, "usage: sleep seconds\n");
        exits("usage");
    }
    char* at;
    vlong seconds = strtoll(argv[1], &at, 10);
    long millis = 0;
    if (*at == '.') {
        ++at;
        for (long unit = 100; isdigit(*at); ++at, unit /= 10) millis += unit * (*at - '0');
    }
    if (*at != '\0') {
        fprint(2, "sleep: not a number: %s\n", argv[1]);
        exits("usage");
    }
    for (; seconds > 0; seconds -= kMost) {
        if (sleep((seconds < kMost ? seconds : kMost) * 1000) < 0) exits("interrupted");
    }
    if (millis > 0 && sleep(millis) < 0) exits("interrupted");
    exits("");
}
