// Reads symbol tables, and finds in them.
#include <procyon.h>

#include "symbols.h"

#include "process.h"

/* System V ABI, ELF-64 Object File Format 1.5: what is looked at of its structures. */
typedef struct {
    uchar ident[16];
    ushort type, machine;
    ulong version;
    uvlong entry, segments, sections;
    ulong flags;
    ushort size, segment_size, segment_count, section_size, section_count, names;
} Header;
typedef struct {
    ulong type, flags;
    uvlong offset, at, physical, file_size, size, align;
} Segment;
typedef struct {
    ulong name, type;
    uvlong flags, at, offset, size;
    ulong link, info;
    uvlong align, entry_size;
} Section;
typedef struct {
    ulong name;
    uchar info, other;
    ushort section;
    uvlong at, size;
} Entry;
enum { kLoad = 1, kSymbolTable = 2, kExecutable = 4 };
enum { kNoType = 0, kObject = 1, kFunction = 2, kWeak = 2 };
enum { kMostBytes = 64 << 20, kMostSections = 1024, kMostSegments = 64 };

static Symbol* symbols;
static int symbol_count;
static char* names;

/* Bytes of a file in memory of their own; nil: they are not all there. One byte more is 0. */
static void* part_of(int fd, uvlong offset, uvlong size) {
    if (size > kMostBytes) {
        werrstr("its header lies");
        return nil;
    }
    char* const part = emalloc(size + 1);
    part[size] = '\0';
    for (uvlong done = 0; done < size;) {
        const long count = pread(fd, part + done, size - done, offset + done);
        if (count <= 0) {
            if (count == 0) werrstr("it is cut short");
            free(part);
            return nil;
        }
        done += count;
    }
    return part;
}

static int read_header(int fd, Header* header) {
    static const char kMagic[] = {0x7f, 'E', 'L', 'F', 2, 1};
    Header* const read = part_of(fd, 0, sizeof *read);
    const int right = read != nil && memcmp(read->ident, kMagic, sizeof kMagic) == 0 &&
                      read->section_size == sizeof(Section) &&
                      read->segment_size == sizeof(Segment) &&
                      read->section_count <= kMostSections && read->segment_count <= kMostSegments;
    if (right) *header = *read;
    free(read);
    if (right) return 0;
    werrstr("no ELF file");
    return -1;
}

/* Whether both have the same segments, which a file of symbols has as the program itself. */
static int is_of_program(int fd, const Header* header, int pid) {
    Header own;
    const int program = process_file(pid, "text", OREAD);
    if (program < 0) return 0;
    Segment *mine = nil, *its = nil;
    int same = read_header(program, &own) == 0 && own.entry == header->entry &&
               own.segment_count == header->segment_count;
    if (same) {
        mine = part_of(program, own.segments, own.segment_count * sizeof *mine);
        its = part_of(fd, header->segments, own.segment_count * sizeof *its);
        same = mine != nil && its != nil;
    }
    for (int i = 0; same && i < own.segment_count; ++i) {
        same = mine[i].type != kLoad || (mine[i].at == its[i].at && mine[i].size == its[i].size);
    }
    free(mine);
    free(its);
    close(program);
    if (!same) werrstr("it has symbols of another program");
    return same;
}

/* Functions, variables, and labels of code, but no marks of the assembler's ($x). */
static int is_wanted(const Entry* entry, const char* name, const Section* section) {
    const int type = entry->info & 15;
    if (name[0] == '\0' || name[0] == '$' || name[0] == '.') return 0;
    return type == kObject || type == kFunction ||
           (type == kNoType && (section->flags & kExecutable) != 0);
}

static int compare(const void* a, const void* b) {
    const Symbol *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->rank - y->rank;
}

static void take_symbols(const Entry* entries, uvlong count, uvlong names_size,
                         const Section* sections, int section_count) {
    symbols = emalloc((count + 1) * sizeof *symbols);
    symbol_count = 0;
    for (uvlong i = 0; i < count; ++i) {
        const Entry* const it = &entries[i];
        if (it->section == 0 || it->section >= section_count || it->name >= names_size) continue;
        const Section* const section = &sections[it->section];
        const char* const name = names + it->name;
        if (!is_wanted(it, name, section)) continue;
        const int rank = (it->size != 0 ? 2 : 0) + (it->info >> 4 != kWeak ? 1 : 0);
        symbols[symbol_count++] =
            (Symbol){it->at, it->size, section->at + section->size, name, rank};
    }
    qsort(symbols, symbol_count, sizeof *symbols, compare);
}

static int read_tables(int fd, const Header* header) {
    Section* const sections =
        part_of(fd, header->sections, header->section_count * sizeof *sections);
    if (sections == nil) return -1;
    const Section* table = nil;
    for (int i = 0; i < header->section_count; ++i) {
        if (sections[i].type == kSymbolTable) table = &sections[i];
    }
    Entry* entries = nil;
    if (table == nil || table->link >= header->section_count) {
        werrstr("it has no symbols");
    } else {
        const Section* const texts = &sections[table->link];
        names = part_of(fd, texts->offset, texts->size);
        entries = part_of(fd, table->offset, table->size);
        if (names != nil && entries != nil) {
            take_symbols(entries, table->size / sizeof *entries, texts->size, sections,
                         header->section_count);
        }
    }
    const int result = entries != nil && names != nil ? symbol_count : -1;
    free(entries);
    free(sections);
    return result;
}

static int read_symbols_from(int fd, int pid) {
    Header header;
    if (fd < 0) return -1;
    int result = -1;
    if (read_header(fd, &header) == 0 && is_of_program(fd, &header, pid)) {
        result = read_tables(fd, &header);
    }
    close(fd);
    return result;
}

int read_symbols(int pid, const char* file) {
    free(symbols);
    free(names);
    symbols = nil;
    names = nil;
    symbol_count = 0;
    if (file != nil) return read_symbols_from(open(file, OREAD), pid);
    const int own = read_symbols_from(process_file(pid, "text", OREAD), pid);
    if (own > 0) return own;
    char* const beside = smprint("%s.debug", program_of(pid));
    if (beside == nil) return -1;
    const int there = access(beside, AREAD) == 0;
    if (!there) werrstr("neither its file nor %s has symbols", beside);
    const int result = there ? read_symbols_from(open(beside, OREAD), pid) : -1;
    free(beside);
    return result;
}

const Symbol* symbol_at(uvlong at) {
    int low = 0, high = symbol_count; /* the last one not behind `at` is before high */
    while (low < high) {
        const int middle = (low + high) / 2;
        if (symbols[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return nil;
    const Symbol* const it = &symbols[low - 1];
    return at < (it->size != 0 ? it->at + it->size : it->limit) ? it : nil;
}

const Symbol* find_symbol(const char* name, int number) {
    for (int i = 0; i < symbol_count; ++i) {
        if (strcmp(symbols[i].name, name) == 0 && number-- == 0) return &symbols[i];
    }
    return nil;
}

const char* place_name(uvlong at) {
    static char texts[4][128];
    static uint turn;
    char* const text = texts[turn++ % nelem(texts)];
    const Symbol* const it = symbol_at(at);
    text[0] = '\0';
    if (it == nil) return text;
    if (at == it->at)
        snprint(text, sizeof texts[0], "%s", it->name);
    else
        snprint(text, sizeof texts[0], "%s+0x%llux", it->name, at - it->at);
    return text;
}
