// Variables: files of /env. rc ends each word of a list with a NUL.
#include <libc.h>

// /env/NAME, or nil for a name that no variable has.
static char* file_of(const char* name) {
    if (*name == '\0' || strchr(name, '/') != nil || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0) {
        werrstr("bad character in file name");
        return nil;
    }
    return smprint("/env/%s", name);
}

char* getenv(const char* name) {
    char* file = file_of(name);
    if (file == nil) return nil;
    const int fd = open(file, OREAD);
    free(file);
    if (fd < 0) return nil;
    const vlong size = seek(fd, 0, SEEKEND);
    char* value = size >= 0 ? malloc(size + 1) : nil;
    long got = -1;
    if (value != nil) got = pread(fd, value, size, 0);
    close(fd);
    if (got < 0) {
        free(value);
        return nil;
    }
    while (got > 0 && value[got - 1] == '\0') --got;
    for (long i = 0; i < got; ++i) {
        if (value[i] == '\0') value[i] = ' ';
    }
    value[got] = '\0';
    return value;
}

int putenv(const char* name, const char* value) {
    char* file = file_of(name);
    if (file == nil) return -1;
    const int fd = create(file, OWRITE, 0666);
    free(file);
    if (fd < 0) return -1;
    const long size = strlen(value);
    const int written = write(fd, value, size) == size;
    close(fd);
    return written ? 0 : -1;
}
