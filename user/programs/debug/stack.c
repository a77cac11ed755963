// Looks for return addresses.
#include <procyon.h>

#include "stack.h"

#include "instruction.h"
#include "process.h"
#include "symbols.h"

enum { kMostBytes = 64 << 10, kMostLines = 64 };

/* The part of memory that an address is in, if `executed` one that may be; whether there is one. */
static int find_part(int pid, uvlong at, int executed, uvlong* begin, uvlong* end) {
    static char text[8192];
    if (read_text(pid, "maps", text, sizeof text) <= 0) return 0;
    for (char *line = text, *next; (next = strchr(line, '\n')) != nil; line = next + 1) {
        char* after;
        *next = '\0';
        *begin = strtoull(line, &after, 16);
        if (*after != '-') continue;
        *end = strtoull(after + 1, &after, 16);
        const int is_code = *after == ' ' && strlen(after) > 3 && after[3] == 'x';
        if (at >= *begin && at < *end && (is_code || !executed)) return 1;
    }
    return 0;
}

/* The functions that whoever is next may have called: the last that was certain, and guesses since.
 */
static uvlong callees[kMostLines];
static int callee_count;

static void may_be_called(uvlong at) {
    const Symbol* const function = symbol_at(at);
    if (function != nil && callee_count < kMostLines) callees[callee_count++] = function->at;
}

static int line_count;

static void print_place(const char* found, uvlong at, const char* mark) {
    const char* const name = place_name(at);
    print("%-9s 0x%llux%s%s%s\n", found, at, name[0] == '\0' ? "" : " ", name, mark);
}

/* Prints a return address; `at` is where it was found. */
static void print_caller(const char* at, uvlong address, uvlong target) {
    int certain = 0;
    for (int i = 0; i < callee_count; ++i) certain |= target != 0 && callees[i] == target;
    if (certain) callee_count = 0;
    may_be_called(address);
    ++line_count;
    print_place(at, address, certain ? "" : " ?");
}

/* ra tells who called, unless it is left from a call that this function made. */
static int is_ra_left_over(uvlong pc, uvlong ra, uvlong target) {
    const Symbol *const now = symbol_at(pc), *const before = symbol_at(ra);
    return now != nil && now == before && target != now->at;
}

/* How far the stack reaches: to the end of its memory, or of the variable that it is in. */
static uvlong end_of_stack(int pid, uvlong sp) {
    uvlong begin, end;
    if (!find_part(pid, sp, 0, &begin, &end)) return sp;
    const Symbol* const variable = symbol_at(sp);
    if (variable != nil && variable->size != 0) end = variable->at + variable->size;
    return end - sp > kMostBytes ? sp + kMostBytes : end;
}

int print_stack(int pid) {
    uvlong registers[kRegisters], text, text_end, target = 0;
    if (read_registers(pid, registers) < 0) return -1;
    const uvlong pc = registers[kPc], ra = registers[kRa], sp = registers[kSp] & ~7ull;
    line_count = callee_count = 0;
    print_place("pc", pc, "");
    may_be_called(pc);
    if (!find_part(pid, pc, 1, &text, &text_end) && !find_part(pid, ra, 1, &text, &text_end)) {
        return 0;
    }
    int ra_tells = 0;
    if (ra >= text && ra < text_end) {
        const int kind = call_before(pid, ra, &target);
        if (kind != kCallsThere) target = 0;
        ra_tells = kind != kNoCall && !is_ra_left_over(pc, ra, target);
        if (ra_tells) print_caller("ra", ra, target);
    }
    const uvlong size = end_of_stack(pid, sp) - sp;
    uvlong* const words = emalloc(size + 8);
    const long count = read_memory(pid, sp, words, size) / 8;
    for (long i = 0; i < count && line_count < kMostLines; ++i) {
        if (words[i] < text || words[i] >= text_end || words[i] % 2 != 0) continue;
        const int kind = call_before(pid, words[i], &target);
        if (kind == kNoCall) continue;
        if (kind != kCallsThere) target = 0;
        /* A function saves ra before it calls. */
        if (ra_tells && line_count == 1 && words[i] == ra) continue;
        char where[24];
        snprint(where, sizeof where, "sp+0x%lx", i * 8);
        print_caller(where, words[i], target);
    }
    free(words);
    return 0;
}
