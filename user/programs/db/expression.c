// Places and values as people write them.
#include <ctype.h>

#include "db.h"

int register_number(const char* name) {
    if (strcmp(name, "s0") == 0) name = "fp";
    if (strcmp(name, "fcsr") == 0) return kRegisters + kFloats;
    for (int i = 0; i < kRegisters; ++i) {
        if (strcmp(name, register_names[i]) == 0) return i;
    }
    for (int i = 0; i < kFloats; ++i) {
        if (strcmp(name, float_names[i]) == 0) return kRegisters + i;
    }
    return -1;
}

static int get_name(const char* name, uvlong* value) {
    uvlong registers[kRegisters];
    const int number = register_number(name);
    if (number >= 0 && number < kRegisters) {
        if (read_registers(current()->pid, registers) < 0) {
            complain("can't read %s: %r", name);
            return 0;
        }
        *value = registers[number];
        return 1;
    }
    const Symbol *const it = find_symbol(name, 0), *const another = find_symbol(name, 1);
    if (it == nil) {
        complain("no symbol or register %q", name);
        return 0;
    }
    if (another != nil) {
        complain("%s is at 0x%llux and at 0x%llux: which?", name, it->at, another->at);
        return 0;
    }
    *value = it->at;
    return 1;
}

/* A number or name, of `length`, in an expression that is `whole`. */
static int get_term(const char* whole, const char* text, int length, uvlong* value) {
    char term[128], *end;
    if (length == 0 || length >= (int)sizeof term) {
        complain("%q: a number, register or symbol is missing", whole);
        return 0;
    }
    snprint(term, sizeof term, "%.*s", length, text);
    if (!isdigit(term[0])) return get_name(term, value);
    *value = strtoull(term, &end, 0);
    if (*end != '\0') complain("%q is no number", term);
    return *end == '\0';
}

int get_value(const char* text, uvlong* value) {
    const char* const whole = text;
    int negative = 0;
    *value = 0;
    if (*text == '-') {
        negative = 1;
        ++text;
    }
    for (;;) {
        int length = 0;
        while (text[length] != '\0' && strchr("+-", text[length]) == nil) ++length;
        uvlong term;
        if (!get_term(whole, text, length, &term)) return 0;
        *value += negative ? -term : term;
        text += length;
        if (*text == '\0') return 1;
        negative = *text++ == '-';
    }
}

int get_count(const char* text, ulong most, ulong* count) {
    uvlong value;
    if (!get_value(text, &value)) return 0;
    if (value == 0 || value > most) {
        complain("%s: 1 to %uld are possible", text, most);
        return 0;
    }
    *count = value;
    return 1;
}
