// Names of files.
#include <libc.h>

char* cleanname(char* name) {
    const int rooted = name[0] == '/';
    // `to` is where the next part goes; before `floor` there is nothing that .. takes away.
    char* to = name + rooted;
    char* floor = to;
    for (const char* at = name; *at != '\0';) {
        while (*at == '/') ++at;
        const usize size = strcspn(at, "/");
        if (size == 0 || (size == 1 && at[0] == '.')) {
            at += size;
            continue;
        }
        const int up = size == 2 && at[0] == '.' && at[1] == '.';
        if (up && to > floor) {
            // The last part goes, with the / before it.
            while (to > floor && *--to != '/') {
            }
        } else if (!up || !rooted) {
            if (to > name + rooted) *to++ = '/';
            memmove(to, at, size);
            to += size;
            if (up) floor = to;
        }
        at += size;
    }
    if (to == name) *to++ = '.';
    *to = '\0';
    return name;
}

char* getwd(char* buffer, int size) {
    const int fd = open(".", OREAD | OCEXEC);
    if (fd < 0) return nil;
    const int known = fd2path(fd, buffer, size) >= 0;
    close(fd);
    return known ? buffer : nil;
}

char* mktemp(char* name) {
    char* end = name + strlen(name);
    char* first = end;
    while (first > name && first[-1] == 'X') --first;
    // The process's number as far as there is room, then a letter that tells tries apart.
    uint pid = getpid();
    for (char* at = end; at > first + 1; pid /= 10) *--at = '0' + pid % 10;
    for (char letter = 'a'; first < end && letter <= 'z'; ++letter) {
        *first = letter;
        if (access(name, AEXIST) < 0) return name;
    }
    return "/";
}
