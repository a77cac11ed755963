// echo: its arguments, with blanks between them and, unless -n is the first, a newline.
#include <bio.h>
#include <libc.h>

static Biobuf out;

void main(int argc, char* argv[]) {
    const int newline = argc < 2 || strcmp(argv[1], "-n") != 0;
    const int first = newline ? 1 : 2;
    Binit(&out, 1, OWRITE);
    for (int i = first; i < argc; ++i) {
        if (i > first) Bputc(&out, ' ');
        Bwrite(&out, argv[i], strlen(argv[i]));
    }
    if (newline) Bputc(&out, '\n');
    if (Bflush(&out) < 0) sysfatal("write error: %r");
    exits("");
}
