// Programs are sequences of units: one instruction, or a few that belong together. Jumps lead from
// unit to unit.
#include "tests/interpreter/random_program.h"

#include "base/units.h"
#include "tests/host/interpreter/expand_compressed.h"

namespace interpreter_tests {

namespace {

using namespace mnemonics;
using host::interpreter::expand_compressed;
using host::interpreter::Instruction;
using host::interpreter::is_compressed;

constexpr u32 kPointers[] = {sp, s0, s1};

bool is_pointer(u32 name) { return std::ranges::count(kPointers, name) != 0; }

/// Where a pointer may be: nearer to the middle than any offset of 12 bits is long.
constexpr u64 kLowest = kScratch + 2048;
constexpr u64 kHighest = kScratch + kScratchPages * kernel::kPageSize - 2048 - sizeof(u64);
constexpr u64 kBoundary = kScratch + 2 * kernel::kPageSize;  // of two pages

/// Whether a compressed instruction may stand anywhere in a program: it computes without touching
/// the pointers, or accesses memory by one of them.
bool fits_anywhere(u16 compressed) {
    const u32 expanded = expand_compressed(compressed);
    const Instruction i{expanded};
    switch (i.opcode()) {
        case Opcode::kLoad:
            return expanded != 0 && is_pointer(i.rs1()) && !is_pointer(i.rd());
        case Opcode::kStore:
            return is_pointer(i.rs1());
        case Opcode::kOpImm:
        case Opcode::kOpImm32:
        case Opcode::kOp:
        case Opcode::kOp32:
        case Opcode::kLui:
            return !is_pointer(i.rd());
        default:
            return false;
    }
}

}  // namespace

RandomProgram::RandomProgram(Random& random) : random_(random) {
    for (u64& value : registers_) value = random_value(random);
    registers_[zero] = 0;
    registers_[sp] = kLowest + random.below(kHighest - kLowest) / 16 * 16;
    registers_[s0] = kBoundary - random.below(16) * 8;  // compressed offsets reach the next page
    registers_[s1] = kLowest + random.below(kHighest - kLowest) / 8 * 8;
    const u64 units = 100 + random.below(200);
    for (u64 i = 0; i < units; ++i) put_unit();
    units_.push_back(code_.size());
    put_end();
    settle_forwards();
}

void RandomProgram::put_unit() {
    units_.push_back(code_.size());
    switch (random_.below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
            return put_computation();
        case 4:
        case 5:
        case 6:
            return put_memory_access();
        case 7:
            return put_atomic();
        case 8:
            return put_reserved_pair();
        case 9:
        case 10:
            return put_forward();
        case 11:
            return random_.one_in(3) ? put_indirect_jump() : put_computation();
        default:
            return put_compressed();
    }
}

u32 RandomProgram::destination() {
    u32 name = source();
    while (is_pointer(name)) name = source();
    return name;
}

u32 RandomProgram::pointer() { return one_of({sp, s0, s1}, random_); }

void RandomProgram::put_computation() {
    switch (random_.below(8)) {
        case 0:
        case 1:
        case 2:
            return put(op(one_of(kOperations, random_), destination(), source(), source()));
        case 3:
        case 4:
            return put(op_32(one_of(kWordOperations, random_), destination(), source(), source()));
        case 5:
            return put(random_.one_in(2) ? lui(destination(), random_.next())
                                         : auipc(destination(), random_.next()));
        case 6:
            if (random_.one_in(8)) {
                return put(random_.one_in(2) ? kFenceI : fence(below(16), below(16)));
            }
            // An operand at the edge of something.
            put(addi(a5, zero, random_.next() & 1 ? 1 : ~u64{0}));
            return put(slli(destination(), a5, below(64)));
        default:
            return put(random_immediate_operation(random_, destination(), source()));
    }
}

void RandomProgram::put_memory_access() {
    const u64 offset = random_.next();
    if (random_.one_in(2)) return put(load(below(7), destination(), offset, pointer()));
    put(store(below(4), source(), offset, pointer()));
}

void RandomProgram::put_atomic() {
    const u32 size = random_.one_in(2) ? 4 : 8;
    put(addi(a4, s1, random_.below(64) * 8 + (size == 4 ? below(2) * 4 : 0)));
    put(atomic(one_of(kAtomicOperations, random_), size, destination(), source(), a4, below(4)));
}

/// A pair that succeeds, or one with something between that breaks it, or a store-conditional
/// alone.
void RandomProgram::put_reserved_pair() {
    const u32 size = random_.one_in(2) ? 4 : 8;
    const u32 width = size == 4 ? 0b010 : 0b011;
    put(addi(a4, s1, random_.below(16) * 8));
    const u32 kind = below(5);
    if (kind != 0) put(lr(size, random_.one_in(4) ? zero : a3, a4, below(4)));
    if (kind == 1) put(store(width, source(), 0, a4));  // perhaps another value
    if (kind == 2) put(addi(a4, a4, 8));                // another address
    if (kind == 3) put(op(one_of(kOperations, random_), a3, a3, source()));
    put(sc(size, random_.one_in(4) ? a4 : destination(), source(), a4, below(4)));
}

void RandomProgram::put_forward() {
    Forward forward{code_.size(), 1 + below(4), units_.size() - 1, {}};
    const u32 condition = one_of({0b000, 0b001, 0b100, 0b101, 0b110, 0b111}, random_);
    const u32 first = source();
    const u32 second = random_.one_in(3) ? first : source();
    const u32 link = destination();
    const bool not_zero = random_.one_in(2);
    const u32 upper = below(8);
    switch (random_.below(8)) {
        case 0:
            forward.make = [=](u64 offset) { return jal(link, offset); };
            break;
        case 1:
            forward.make = [](u64 offset) { return c_j(offset); };
            break;
        case 2:
        case 3:
            forward.make = [not_zero, upper](u64 offset) {
                return c_branch(not_zero, upper, offset);
            };
            break;
        default:
            forward.make = [=](u64 offset) { return branch(condition, first, second, offset); };
            break;
    }
    put(forward.make(2));
    forwards_.push_back(std::move(forward));
}

/// To the next unit, by a register that was made from pc.
void RandomProgram::put_indirect_jump() {
    const bool compressed = random_.one_in(3);
    const u64 odd = below(2);  // is dropped
    put(auipc(a4, 0));
    if (compressed) {
        put(addi(a4, a4, 10 + odd));
        put(random_.one_in(2) ? 0x9702 /* c.jalr a4 */ : 0x8702 /* c.jr a4 */);
    } else {
        put(jalr(destination(), 8 + odd, a4));
    }
}

void RandomProgram::put_compressed() {
    u16 compressed;
    do {
        compressed = static_cast<u16>(random_.next());
    } while (!is_compressed(compressed) || !fits_anywhere(compressed));
    put(compressed);
}

/// An instruction that traps.
void RandomProgram::put_end() {
    constexpr u32 kIllegal[] = {0x0000,     0xffff'ffff, kMret,       kSret,       kWfi,
                                kSfenceVma, 0x0800'0033, 0x0000'007f, 0x0000'200f, 0x1010'302f,
                                0x9c41,     0x8002,      0x2000,      0x4081'1073, 0x4000'1033};
    switch (random_.below(8)) {
        case 0:
            put(lui(a4, kNowhere));
            return put(load(below(7), destination(), random_.next(), a4));
        case 1:
            put(lui(a4, kReadOnlyPage));
            return put(store(below(4), source(), random_.below(2048), a4));
        case 2:
            // Across the end of the scratch pages: nothing of it is stored.
            put(lui(a4, kScratch + kScratchPages * kernel::kPageSize));
            return put(sd(source(), u64{0} - 1 - random_.below(7), a4));
        case 3:
            put(addi(a4, s1, 1 + below(3)));
            return put(atomic(one_of(kAtomicOperations, random_), 8, destination(), source(), a4));
        case 4:
            put(addi(a4, s1, 2));
            return put(lr(4, destination(), a4));
        case 5:
            put(lui(a4, random_.one_in(2) ? kNowhere : kScratch));
            return put(jalr(destination(), 0, a4));
        case 6:
            return put(one_of({kEcall, kEbreak, kCompressedEbreak}, random_));
        default:
            return put(one_of(kIllegal, random_));
    }
}

void RandomProgram::put(u32 instruction) {
    code_.push_back(static_cast<u16>(instruction));
    if (!is_compressed(code_.back())) code_.push_back(static_cast<u16>(instruction >> 16));
}

void RandomProgram::patch(usize at, u32 instruction) {
    code_[at] = static_cast<u16>(instruction);
    if (!is_compressed(code_[at])) code_[at + 1] = static_cast<u16>(instruction >> 16);
}

void RandomProgram::settle_forwards() {
    for (const Forward& forward : forwards_) {
        const usize target = std::min(forward.unit + 1 + forward.over, units_.size() - 1);
        patch(forward.at, forward.make((units_[target] - forward.at) * sizeof(u16)));
    }
}

}  // namespace interpreter_tests
