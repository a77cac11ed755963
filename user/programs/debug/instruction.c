// What an instruction is, and where it leads.
#include "instruction.h"

#include "process.h"

static vlong signed_bits(uvlong value, int count) {
    return (vlong)(value << (64 - count)) >> (64 - count);
}
static uvlong bits(ulong of, int high, int low) {
    return of >> low & (((uvlong)2 << (high - low)) - 1);
}

ulong instruction_at(int pid, uvlong at) {
    ushort halves[2] = {0, 0};
    if (read_memory(pid, at, &halves[0], 2) != 2) return 0;
    if ((halves[0] & 3) != 3) return halves[0];
    if (read_memory(pid, at + 2, &halves[1], 2) != 2) return 0;
    return halves[0] | (ulong)halves[1] << 16;
}

uvlong length_of(ulong instruction) { return (instruction & 3) == 3 ? 4 : 2; }

static int branches(ulong funct3, uvlong a, uvlong b) {
    switch (funct3) {
        case 0:
            return a == b;
        case 1:
            return a != b;
        case 4:
            return (vlong)a < (vlong)b;
        case 5:
            return (vlong)a >= (vlong)b;
        case 6:
            return a < b;
        case 7:
            return a >= b;
        default:
            return 0;
    }
}

static vlong branch_offset(ulong i) {
    return signed_bits(
        bits(i, 31, 31) << 12 | bits(i, 7, 7) << 11 | bits(i, 30, 25) << 5 | bits(i, 11, 8) << 1,
        13);
}
static vlong jump_offset(ulong i) {
    return signed_bits(bits(i, 31, 31) << 20 | bits(i, 19, 12) << 12 | bits(i, 20, 20) << 11 |
                           bits(i, 30, 21) << 1,
                       21);
}
static vlong compressed_jump_offset(ulong i) {
    return signed_bits(bits(i, 12, 12) << 11 | bits(i, 8, 8) << 10 | bits(i, 10, 9) << 8 |
                           bits(i, 6, 6) << 7 | bits(i, 7, 7) << 6 | bits(i, 2, 2) << 5 |
                           bits(i, 11, 11) << 4 | bits(i, 5, 3) << 1,
                       12);
}
static vlong compressed_branch_offset(ulong i) {
    return signed_bits(bits(i, 12, 12) << 8 | bits(i, 6, 5) << 6 | bits(i, 2, 2) << 5 |
                           bits(i, 11, 10) << 3 | bits(i, 4, 3) << 1,
                       9);
}

enum { kBranch = 0x63, kJalr = 0x67, kJal = 0x6f, kAmo = 0x2f };

static int is_branch(ulong i) { return (i & 0x7f) == kBranch; }
static int is_compressed_branch(ulong i) { return (i & 3) == 1 && bits(i, 15, 14) == 3; }

uvlong next_of(ulong i, uvlong pc, const uvlong* x) {
    if ((i & 3) != 3) {
        const ulong quadrant = i & 3, funct3 = bits(i, 15, 13);
        if (quadrant == 1 && funct3 == 5) return pc + compressed_jump_offset(i);
        if (is_compressed_branch(i)) {
            const int zero = x[8 + bits(i, 9, 7)] == 0;
            return pc + (zero == (funct3 == 6) ? compressed_branch_offset(i) : 2);
        }
        /* c.jr and c.jalr. */
        if (quadrant == 2 && funct3 == 4 && bits(i, 6, 2) == 0 && bits(i, 11, 7) != 0) {
            return x[bits(i, 11, 7)] & ~1ull;
        }
        return pc + 2;
    }
    const uvlong rs1 = x[bits(i, 19, 15)];
    switch (i & 0x7f) {
        case kBranch:
            return pc + (branches(bits(i, 14, 12), rs1, x[bits(i, 24, 20)]) ? branch_offset(i) : 4);
        case kJalr:
            return (rs1 + signed_bits(bits(i, 31, 20), 12)) & ~1ull;
        case kJal:
            return pc + jump_offset(i);
        default:
            return pc + 4;
    }
}

int is_load_reserved(ulong i) { return (i & 0x7f) == kAmo && i >> 27 == 2; }
int is_store_conditional(ulong i) { return (i & 0x7f) == kAmo && i >> 27 == 3; }

int is_branch_to(ulong i, uvlong pc, uvlong* target) {
    if (!is_branch(i) && !is_compressed_branch(i)) return 0;
    *target = pc + (is_branch(i) ? branch_offset(i) : compressed_branch_offset(i));
    return 1;
}

/* c.jalr, which calls. */
static int is_compressed_call(ulong i) { return (i & 0xf07f) == 0x9002 && bits(i, 11, 7) != 0; }

int is_call(ulong i) {
    const ulong opcode = i & 0x7f;
    if ((i & 3) != 3) return is_compressed_call(i);
    return (opcode == kJal || opcode == kJalr) && bits(i, 11, 7) == kRa;
}

int call_before(int pid, uvlong at, uvlong* target) {
    const ulong long_one = instruction_at(pid, at - 4);
    if (length_of(long_one) == 4 && is_call(long_one)) {
        *target = at - 4 + jump_offset(long_one);
        return (long_one & 0x7f) == kJal ? kCallsThere : kCallsSomewhere;
    }
    const ulong short_one = instruction_at(pid, at - 2);
    return length_of(short_one) == 2 && is_call(short_one) ? kCallsSomewhere : kNoCall;
}
