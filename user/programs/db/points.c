// What stops the program: breakpoints and watched data.
#include "../debug/instruction.h"
#include "db.h"

/* What watched data was when the program went on. */
static uvlong before[kPoints];
static int is_known[kPoints];

static int is_watched(const Point* point) { return point->type >= '2'; }
static int is_integer(ulong size) { return size == 1 || size == 2 || size == 4 || size == 8; }

static const char* kind_of(const Point* point) {
    switch (point->type) {
        case '0':
            return "break";
        case '2':
            return "watch w";
        case '3':
            return "watch r";
        default:
            return "watch rw";
    }
}

static const char* name_or_address(uvlong at) {
    static char text[24];
    const char* const name = place_name(at);
    if (name[0] != '\0') return name;
    snprint(text, sizeof text, "0x%llux", at);
    return text;
}

static void list(void) {
    int count = 0;
    for (int i = 0; i < kPoints; ++i) {
        const Point* const it = &points[i];
        if (it->type == 0) continue;
        ++count;
        print("%-8s 0x%llux %s", kind_of(it), it->at, place_name(it->at));
        if (is_watched(it)) print(" (%uld bytes)", it->size);
        print("\n");
    }
    if (count == 0) print("nothing stops it\n");
}

int get_instruction(uvlong at, ulong* instruction) {
    *instruction = at % 2 == 0 ? instruction_at(current()->pid, at) : 0;
    if (at % 2 != 0)
        complain("0x%llux is odd: instructions begin at even addresses", at);
    else if (*instruction == 0)
        complain("no instruction at 0x%llux", at);
    return *instruction != 0;
}

void break_command(int argc, char* argv[]) {
    uvlong at;
    if (argc == 1) return list();
    ulong instruction;
    if (!get_value(argv[1], &at) || !get_instruction(at, &instruction)) return;
    if (add_point('0', at, length_of(instruction)) < 0)
        complain("no room for more than %d", kPoints);
}

void watch_command(int argc, char* argv[]) {
    uvlong at;
    uchar byte;
    if (!get_value(argv[1], &at)) return;
    ulong size = natural_size(at, 8);
    if (argc > 2 && !get_count(argv[2], 1 << 30, &size)) return;
    const char* const how = argc > 3 ? argv[3] : "w";
    const char type = strcmp(how, "w") == 0    ? '2'
                      : strcmp(how, "r") == 0  ? '3'
                      : strcmp(how, "rw") == 0 ? '4'
                                               : 0;
    if (type == 0) return complain("%q is not r, w or rw", how);
    for (int last = 0; last <= 1; ++last) {
        const uvlong end = last ? at + size - 1 : at;
        if (read_memory(current()->pid, end, &byte, 1) != 1) return cannot("watch", end);
    }
    if (add_point(type, at, size) < 0) complain("no room for more than %d", kPoints);
}

void delete_command(int argc, char* argv[]) {
    USED(argc);
    const int all = strcmp(argv[1], "all") == 0;
    uvlong at = 0;
    int count = 0;
    if (!all && !get_value(argv[1], &at)) return;
    for (int i = 0; i < kPoints; ++i) {
        Point* const it = &points[i];
        if (it->type == 0 || (!all && it->at != at)) continue;
        it->type = 0;
        ++count;
    }
    if (count == 0 && !all) complain("nothing stops it at %s", argv[1]);
}

void remember_watched(void) {
    for (int i = 0; i < kPoints; ++i) {
        const Point* const it = &points[i];
        is_known[i] =
            is_watched(it) && is_integer(it->size) && get_integer(it->at, it->size, &before[i]);
    }
}

void print_watched(uvlong at) {
    uvlong now;
    print("watch %s", name_or_address(at));
    for (int i = 0; i < kPoints; ++i) {
        const Point* const it = &points[i];
        if (!is_watched(it) || it->at != at || !is_known[i]) continue;
        if (!get_integer(at, it->size, &now)) continue;
        if (now == before[i])
            print(": 0x%llux", now);
        else
            print(": 0x%llux -> 0x%llux", before[i], now);
        return;
    }
}
