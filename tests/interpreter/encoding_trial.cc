// Each encoding is put at a place among c.ebreaks, now and then across the end of a page.
#include "tests/interpreter/encoding_trial.h"

#include "tests/host/interpreter/expand_compressed.h"
#include "tests/interpreter/random_program.h"

namespace interpreter_tests {

namespace {

using namespace host::interpreter;
using namespace mnemonics;

// Three pages of c.ebreak: what registers point to, what instructions are put on, and what they may
// reach into.
constexpr u64 kTargets = 0x1'0000;
constexpr u64 kPlaces = kTargets + kernel::kPageSize;
constexpr u64 kBehind = kPlaces + kernel::kPageSize;

constexpr u64 kRegisterSets = 256;

/// An address that something is at, or is not, or a number.
u64 random_register(Random& random) {
    constexpr u64 kScratchEnd = kScratch + kScratchPages * kernel::kPageSize;
    switch (random.below(8)) {
        case 0:
            return kScratchEnd - random.below(16);
        case 1:
        case 2:
            return kScratch + random.below(kScratchPages * kernel::kPageSize);
        case 3:
            return kScratch + random.below(kScratchPages * kernel::kPageSize) / 8 * 8;
        case 4:
            // So low on the page that no jump from there leads to where instructions are put.
            return kTargets + random.below(1024);
        case 5:
            return (random.one_in(2) ? kReadOnlyPage : kNowhere) + random.below(1024);
        default:
            return random_value(random);
    }
}

u32 random_legal(Random& random) {
    const auto any = [&random] { return static_cast<u32>(random.below(32)); };
    const auto below = [&random](u64 limit) { return static_cast<u32>(random.below(limit)); };
    const u64 immediate = random.next();
    const u32 size = random.one_in(2) ? 4 : 8;
    switch (random.below(16)) {
        case 0:
            return lui(any(), immediate);
        case 1:
            return auipc(any(), immediate);
        case 2:
            return jal(any(), immediate);
        case 3:
            return jalr(any(), immediate, any());
        case 4:
            return branch(one_of({0b000, 0b001, 0b100, 0b101, 0b110, 0b111}, random), any(), any(),
                          immediate);
        case 5:
        case 6:
            return load(below(7), any(), immediate, any());
        case 7:
        case 8:
            return store(below(4), any(), immediate, any());
        case 9:
            return random_immediate_operation(random, any(), any());
        case 10:
            return op(one_of(kOperations, random), any(), any(), any());
        case 11:
            return op_32(one_of(kWordOperations, random), any(), any(), any());
        case 12:
            return atomic(one_of(kAtomicOperations, random), size, any(), any(), any(), below(4));
        case 13:
            return random.one_in(2) ? lr(size, any(), any(), below(4))
                                    : sc(size, any(), any(), any(), below(4));
        case 14:
            return one_of({kEcall, kEbreak, kFenceI, kSret, kMret, kWfi, kSfenceVma,
                           fence(0b1111, 0b1111), fence(0b0011, 0b0011)},
                          random);
        default:
            // Mostly a register that is there and is not for user mode, sometimes a counter.
            return csr(below(8), any(), random.one_in(4) ? 0xc00 + below(4) : below(4096),
                       random.one_in(2) ? 0 : any());
    }
}

/// A read of a counter discards what it read: it is not the same in QEMU.
u32 without_counter(u32 encoding) {
    const Instruction i{encoding};
    const bool reads = i.opcode() == Opcode::kSystem && (i.funct3() & 0b10) != 0 && i.rs1() == 0;
    return reads && i.field(31, 22) == 0xc00 >> 2 ? encoding & ~u32{0xf80} : encoding;
}

using RegisterSet = std::array<u64, 32>;

/// What QEMU 7.2 does in its own way. A store-conditional at address -1: that is how it writes that
/// nothing is reserved, so it goes on to store. And a counter with bits to set or clear in a
/// register that holds 0: it does not take that for the write that it is.
bool is_strange(u32 encoding, const RegisterSet& registers) {
    const Instruction i{encoding};
    const u64 value = i.rs1() == 0 ? 0 : registers[i.rs1()];
    if (i.opcode() == Opcode::kAmo) return i.field(31, 27) == 0b00011 && value == ~u64{0};
    const bool sets_or_clears = i.funct3() == 0b010 || i.funct3() == 0b011;
    return i.opcode() == Opcode::kSystem && sets_or_clears && i.rs1() != 0 && value == 0;
}

}  // namespace

bool may_jump_to_itself(u32 encoding) {
    const Instruction i{encoding};
    if (i.opcode() == Opcode::kJal) return i.immediate_j() == 0;
    if (i.opcode() == Opcode::kBranch) return i.immediate_b() == 0;
    const bool c_j_to_itself = (encoding & 0xffff) == c_j(0);
    // c.beqz and c.bnez: all but one bit of funct3 and the register.
    return c_j_to_itself || (encoding & 0xdc7f) == (c_branch(false, 0, 0) & 0xdc7f);
}

std::vector<u32> all_compressed() {
    std::vector<u32> encodings;
    for (u32 encoding = 0; encoding < 0x1'0000; ++encoding) {
        if (is_compressed(static_cast<u16>(encoding)) && !may_jump_to_itself(encoding)) {
            encodings.push_back(encoding);
        }
    }
    return encodings;
}

std::vector<u32> random_encodings(Random& random, u64 count) {
    std::vector<u32> encodings;
    while (encodings.size() < count) {
        u32 encoding = static_cast<u32>(random.next()) | 3;
        const u64 kind = random.below(4);
        if (kind != 0) encoding = random_legal(random);
        if (kind == 1) encoding ^= (u32{4} << random.below(30)) | (u32{4} << random.below(30));
        encoding = without_counter(encoding);
        if (!may_jump_to_itself(encoding)) encodings.push_back(encoding);
    }
    return encodings;
}

EncodingTrial::EncodingTrial(u64 seed, const std::vector<u32>& encodings)
    : image_(seed), count_(encodings.size()) {
    Random random(seed);
    for (const u64 page : {kTargets, kPlaces, kBehind}) {
        image_.map(page, kExecuteOnly);
        for (u64 at = page; at < page + kernel::kPageSize; at += 2) {
            image_.write_half(at, kCompressedEbreak);
        }
    }
    image_.map(kReadOnlyPage, kReadOnly);
    for (u64 i = 0; i < kScratchPages; ++i) {
        const u64 page = kScratch + i * kernel::kPageSize;
        image_.map(page, kReadWrite);
        for (u64 at = page; at < page + kernel::kPageSize; at += sizeof(u64)) {
            image_.write_double(at, random_value(random));
        }
    }
    const PhysAddr sets = image_.allocate(kRegisterSets * sizeof(RegisterSet));
    for (u64 i = 0; i < kRegisterSets; ++i) {
        for (u64& value : image_.object<RegisterSet>(sets + i * sizeof(RegisterSet))) {
            value = random_register(random);
        }
    }
    cases_ = image_.allocate(count_ * sizeof(Case));
    for (u64 i = 0; i < count_; ++i) {
        const u32 encoding = encodings[i];
        const bool compressed = is_compressed(static_cast<u16>(encoding));
        PhysAddr registers;
        do {
            registers = sets + random.below(kRegisterSets) * sizeof(RegisterSet);
        } while (is_strange(encoding, image_.object<RegisterSet>(registers)));
        const u64 offset =
            random.one_in(8) ? kernel::kPageSize - 2 : random.below(kernel::kPageSize / 2) * 2;
        const u64 pc = kPlaces + offset;
        case_at(i) = {.first_at = image_.physical(pc).value,
                      .second_at = image_.physical(pc + 2).value,
                      .first = static_cast<u16>(encoding),
                      .second = compressed ? kCompressedEbreak : static_cast<u16>(encoding >> 16),
                      .unused = 0,
                      .registers_at = registers.value,
                      .pc = pc,
                      .outcome = {}};
    }
    put_monitor(image_, cases_, count_);
    run_ = run_in_qemu(image_, std::nullopt);
}

std::string EncodingTrial::compare() {
    // More than any case has until it comes to a c.ebreak.
    constexpr u64 kSteps = 16;
    if (!run_.error.empty()) return run_.error;
    std::vector<std::byte> bytes = image_.bytes();
    ImageEnvironment environment(bytes, image_.satp());
    Interpreter interpreter(environment);
    const auto put = [&bytes](u64 at, u16 half) {
        *reinterpret_cast<u16*>(bytes.data() + (PhysAddr{at} - RamImage::kStart)) = half;
    };
    for (u64 i = 0; i < count_; ++i) {
        const Case& start = case_at(i);
        put(start.first_at, start.first);
        put(start.second_at, start.second);
        UserRegisters registers;
        registers.x = image_.object<RegisterSet>(PhysAddr{start.registers_at});
        registers.pc = start.pc;
        const Stop stop = interpreter.run(registers, kSteps);
        const u64 offset = cases_ + i * sizeof(Case) - RamImage::kStart;
        const auto& ended = *reinterpret_cast<const Case*>(run_.memory.data() + offset);
        const std::string words = difference_of(stop, registers, ended.outcome);
        if (!words.empty()) {
            return "encoding " + hexadecimal(start.instruction()) + " at " + hexadecimal(start.pc) +
                   ", case " + std::to_string(i) + ": " + words;
        }
        if (stop.cause == Cause::kIllegalInstruction && stop.retired == 0) ++illegal_;
        put(start.first_at, kCompressedEbreak);
        put(start.second_at, kCompressedEbreak);
        interpreter.yield_reservation();
    }
    return difference_of(bytes, run_.memory);
}

}  // namespace interpreter_tests
