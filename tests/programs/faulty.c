// faulty: walks over the end of a list, for debuggers to look at.
#include <u.h>
#include <libc.h>

typedef struct Link Link;
struct Link {
    Link* next;
    int value;
};

static Link last = {nil, 3};
static Link first = {&last, 4};

__attribute__((noinline)) static int sum(Link* link, int count) {
    int total = 0;
    for (int i = 0; i < count; i++) {
        total += link->value;  // the third time link is nil
        link = link->next;
    }
    return total;
}

void main(int argc, char* argv[]) {
    const int count = argc > 1 ? atoi(argv[1]) : 3;
    print("%d\n", sum(&first, count));
    exits(nil);
}
