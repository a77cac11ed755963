// hello: an ordinary C program. It is linked with picolibc; `procyon_user_program(hello PICOLIBC
// ...)` says so.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Greets each argument, or says how long a file is: hello [-l file] [name ...]
int main(int argc, char* argv[]) {
    if (argc == 3 && strcmp(argv[1], "-l") == 0) {
        FILE* file = fopen(argv[2], "r");
        if (file == NULL) {
            fprintf(stderr, "hello: %s: %s\n", argv[2], strerror(errno));
            return 1;
        }
        long size = 0;
        while (getc(file) != EOF) ++size;
        printf("%s: %ld bytes\n", argv[2], size);
        fclose(file);
        return 0;
    }
    char* text = malloc(64);
    if (text == NULL) return 2;
    for (int i = 1; i < argc; ++i) {
        snprintf(text, 64, "hello, %s: %5.2f", argv[i], i / 3.0);
        puts(text);
    }
    free(text);
    if (argc == 1) printf("hello, %s\n", "world");
    return 0;
}
