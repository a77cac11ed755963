// What stands behind ARGBEGIN.
#include <libc.h>

_Args _args_begin(int* argc, char*** argv) {
    if (*argc > 0) {
        ++*argv;
        --*argc;
    }
    return (_Args){argc, argv, "", 0};
}

static void next_word(_Args* args) {
    ++*args->argv;
    --*args->argc;
}

int _args_next(_Args* args) {
    if (*args->rest == '\0') {
        const char* word = *args->argc > 0 ? **args->argv : "";
        if (word[0] != '-' || word[1] == '\0') return 0;
        next_word(args);
        if (strcmp(word, "--") == 0) return 0;
        args->rest = (char*)word + 1;
    }
    args->rest += chartorune(&args->flag, args->rest);
    return 1;
}

// The rest of the word, or the next one.
char* _args_value(_Args* args) {
    char* value = args->rest;
    args->rest = "";
    if (*value != '\0') return value;
    if (*args->argc == 0) return nil;
    value = **args->argv;
    next_word(args);
    return value;
}
