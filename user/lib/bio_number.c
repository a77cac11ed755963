// Numbers out of buffered input.
#include <bio.h>

typedef struct {
    Biobuf* buffer;
    int ended;
} Reader;

static int next(void* from) {
    Reader* reader = from;
    const int c = Bgetc(reader->buffer);
    reader->ended = c == Beof;
    return c;
}

int Bgetd(Biobuf* buffer, double* value) {
    // charstod() is told of blanks only by what they leave, so they go first.
    int c;
    do c = Bgetc(buffer);
    while (c == ' ' || (c >= '\t' && c <= '\r'));
    if (c == Beof) return Beof;
    Bungetc(buffer);
    Reader reader = {buffer, 0};
    *value = charstod(next, &reader);
    if (!reader.ended) Bungetc(buffer);
    return 1;
}
