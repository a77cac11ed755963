// Reading and writing at a descriptor's own offset, and all of a run.
#include <libc.h>

long read(int fd, void* buffer, long size) { return pread(fd, buffer, size, -1); }
long write(int fd, const void* buffer, long size) { return pwrite(fd, buffer, size, -1); }

long readn(int fd, void* buffer, long size) {
    long got = 0;
    while (got < size) {
        const long part = read(fd, (uchar*)buffer + got, size - got);
        if (part < 0) return got > 0 ? got : part;
        if (part == 0) break;
        got += part;
    }
    return got;
}

int access(const char* name, int mode) {
    uchar record[STATFIXED + 512];
    if (mode == AEXIST) return stat(name, record, sizeof record) < 0 ? -1 : 0;
    const int how = mode & AEXEC                    ? OEXEC
                    : mode & AWRITE && mode & AREAD ? ORDWR
                    : mode & AWRITE                 ? OWRITE
                                                    : OREAD;
    const int fd = open(name, how);
    if (fd < 0) return -1;
    close(fd);
    return 0;
}
