// wait(): what await() tells of a child that exited: pid, three times, status, as words.
#include <libc.h>

enum { kWords = 5 };

Waitmsg* wait(void) {
    char text[WAITTEXT + 1];
    char* words[kWords];
    const int size = await(text, WAITTEXT);
    if (size < 0) return nil;
    text[size] = '\0';
    if (tokenize(text, words, kWords) != kWords) {
        werrstr("bad wait message");
        return nil;
    }
    Waitmsg* message = malloc(sizeof *message + strlen(words[4]) + 1);
    if (message == nil) return nil;
    message->pid = atoi(words[0]);
    for (int i = 0; i < 3; ++i) message->time[i] = strtoul(words[1 + i], nil, 10);
    message->msg = strcpy((char*)(message + 1), words[4]);
    return message;
}

int waitpid(void) {
    Waitmsg* message = wait();
    if (message == nil) return -1;
    const int pid = message->pid;
    free(message);
    return pid;
}
