// Breakpoints and watched data. Breakpoints are in memory only while a thread runs, so that nobody
// reads them: each has its own copy of the text. Data is watched by the kernel.
#include <procyon.h>

#include "parts.h"

Point points[kPoints];

static const uchar short_breakpoint[] = {0x02, 0x90}, long_breakpoint[] = {0x73, 0, 0x10, 0};

/* What is overwritten, by thread and place. */
typedef struct Inserted Inserted;
struct Inserted {
    int pid;
    uvlong at;
    long size;
    uchar original[4];
};
static Inserted* inserted;
static int inserted_count, inserted_room;

int insert(Thread* thread, uvlong at, long size) {
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].pid == thread->pid && inserted[i].at == at) return 0;
    }
    if (inserted_count == inserted_room) {
        inserted_room = inserted_room * 2 + 64;
        inserted = erealloc(inserted, inserted_room * sizeof inserted[0]);
    }
    Inserted* it = &inserted[inserted_count];
    it->pid = thread->pid;
    it->at = at;
    it->size = size;
    if (read_memory(thread->pid, at, it->original, size) != size) return -1;
    /* Who shares all memory with another has it already. */
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].at == at) memcpy(it->original, inserted[i].original, size);
    }
    if (write_memory(thread->pid, at, size == 4 ? long_breakpoint : short_breakpoint, size) < 0)
        return -1;
    ++inserted_count;
    return 0;
}

int is_inserted(uvlong at) {
    for (int i = 0; i < inserted_count; ++i) {
        if (inserted[i].at == at) return 1;
    }
    return 0;
}

/* Also for threads made since, whose text is a copy of one with breakpoints. */
void take_out_all(void) {
    for (int i = 0; i < inserted_count; ++i) {
        for (int k = 0; k < thread_count; ++k) {
            uchar now[4];
            const long size = inserted[i].size;
            const uchar* breakpoint = size == 4 ? long_breakpoint : short_breakpoint;
            if (read_memory(threads[k].pid, inserted[i].at, now, size) != size) continue;
            if (memcmp(now, breakpoint, size) != 0) continue;
            write_memory(threads[k].pid, inserted[i].at, inserted[i].original, size);
        }
    }
    inserted_count = 0;
}

int empty_watchpt(int pid) {
    const int fd = process_file(pid, "watchpt", OWRITE | OTRUNC);
    if (fd >= 0) close(fd);
    return fd < 0 ? -1 : 0;
}

int insert_all(Thread* thread) {
    char lines[kPoints * 64], *end = lines;
    for (int i = 0; i < kPoints; ++i) {
        const Point* it = &points[i];
        if (it->type == '0' && insert(thread, it->at, it->size) < 0) return -1;
        if (it->type < '2') continue;
        const char* type = it->type == '2' ? "w" : it->type == '3' ? "r" : "rw";
        end = seprint(end, lines + sizeof lines, "%s 0x%llux %uld\n", type, it->at, it->size);
    }
    const int fd = process_file(thread->pid, "watchpt", OWRITE | OTRUNC);
    if (fd < 0) return -1;
    const int result = end == lines || write(fd, lines, end - lines) == end - lines ? 0 : -1;
    close(fd);
    return result;
}

static Point* find_point(char type, uvlong at, ulong size) {
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type != type) continue;
        if (type == 0 || (points[i].at == at && points[i].size == size)) return &points[i];
    }
    return nil;
}

int add_point(char type, uvlong at, ulong size) {
    if (find_point(type, at, size) != nil) return 0;
    Point* free = find_point(0, 0, 0);
    if (free == nil || (type == '0' && (at % 2 != 0 || (size != 2 && size != 4)))) return -1;
    *free = (Point){type, at, size};
    return 0;
}
void remove_point(char type, uvlong at, ulong size) {
    Point* it = find_point(type, at, size);
    if (it != nil) it->type = 0;
}
