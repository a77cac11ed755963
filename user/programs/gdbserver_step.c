// Where an instruction leads: what one step needs breakpoints at.
#include "gdbserver.h"

static vlong signed_bits(uvlong value, int count) {
    return (vlong)(value << (64 - count)) >> (64 - count);
}
static uvlong bits(ulong of, int high, int low) {
    return of >> low & (((uvlong)2 << (high - low)) - 1);
}

/* The instruction at `at`; 0: there is none. */
static ulong instruction_at(Thread* thread, uvlong at) {
    ushort halves[2] = {0, 0};
    if (read_memory(thread, at, &halves[0], 2) != 2) return 0;
    if ((halves[0] & 3) != 3) return halves[0];
    if (read_memory(thread, at + 2, &halves[1], 2) != 2) return 0;
    return halves[0] | (ulong)halves[1] << 16;
}

static uvlong length_of(ulong instruction) { return (instruction & 3) == 3 ? 4 : 2; }

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

/* The one place after a plain instruction, a jump, or a branch, by the registers as they are. */
static uvlong next_of(ulong i, uvlong pc, uvlong* x) {
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

static int is_load_reserved(ulong i) { return (i & 0x7f) == kAmo && i >> 27 == 2; }
static int is_store_conditional(ulong i) { return (i & 0x7f) == kAmo && i >> 27 == 3; }

/* Behind the store-conditional, and where branches before it lead past it. */
static int places_after_reserved(Thread* thread, uvlong pc, uvlong* places, int most) {
    enum { kLongest = 16 };
    uvlong targets[kLongest];
    int target_count = 0;
    for (int i = 0; i < kLongest; ++i) {
        const ulong instruction = instruction_at(thread, pc);
        if (instruction == 0) return 0;
        if (is_branch(instruction)) targets[target_count++] = pc + branch_offset(instruction);
        if (is_compressed_branch(instruction)) {
            targets[target_count++] = pc + compressed_branch_offset(instruction);
        }
        pc += length_of(instruction);
        if (!is_store_conditional(instruction)) continue;
        int count = 0;
        places[count++] = pc;
        for (int k = 0; k < target_count && count < most; ++k) {
            if (targets[k] >= pc) places[count++] = targets[k];
        }
        return count;
    }
    return 0;
}

int places_after(Thread* thread, uvlong registers[kRegisters], uvlong* places, int most) {
    const uvlong pc = registers[kPc];
    const ulong instruction = instruction_at(thread, pc);
    if (instruction == 0) return 0;
    if (is_load_reserved(instruction)) {
        const int count = places_after_reserved(thread, pc, places, most);
        if (count != 0) return count;
    }
    places[0] = next_of(instruction, pc, registers);
    return 1;
}
