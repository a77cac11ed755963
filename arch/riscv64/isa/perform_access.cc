// machine::perform_access(): what a MemoryInstruction does to registers and memory.
#include "machine/user_access.h"

#include "arch/riscv64/isa/arithmetic.h"
#include "arch/riscv64/isa/encoding.h"
#include "arch/riscv64/isa/expand_compressed.h"
#include "arch/riscv64/isa/memory_instruction.h"

namespace kernel::machine {
namespace {

namespace isa = arch::riscv64::isa;
using isa::MemoryInstruction;
using Kind = MemoryInstruction::Kind;
using Operation = MemoryInstruction::Operation;

u64 read_x(const UserRegisters& registers, u8 number) {
    return number == 0 ? 0 : registers.x(number);
}
void write_x(UserRegisters& registers, u8 number, u64 value) {
    if (number != 0) registers.x(number) = value;
}

/// The lowest `size` bytes of `value`, extended by their sign or by zeroes.
u64 extended(u64 value, usize size, bool by_sign) {
    const unsigned unused = static_cast<unsigned>(64 - 8 * size);
    return by_sign ? static_cast<u64>(static_cast<i64>(value << unused) >> unused)
                   : value << unused >> unused;
}

/// A narrower value fills a floating-point register with ones (chapter 12.2).
u64 boxed(u64 value, usize size) {
    return size == sizeof(u64) ? value : value | ~u64{0} << (8 * size);
}

/// The operand as wide as the word, both extended by their sign, which orders unsigned ones too.
u64 result_of(Operation operation, u64 word, u64 operand) {
    const auto less = static_cast<i64>(word) < static_cast<i64>(operand);
    switch (operation) {
        case Operation::kSwap:
            return operand;
        case Operation::kAdd:
            return word + operand;
        case Operation::kXor:
            return word ^ operand;
        case Operation::kAnd:
            return word & operand;
        case Operation::kOr:
            return word | operand;
        case Operation::kMin:
            return less ? word : operand;
        case Operation::kMax:
            return less ? operand : word;
        case Operation::kMinUnsigned:
            return std::min(word, operand);
        case Operation::kMaxUnsigned:
            return std::max(word, operand);
    }
    return word;
}

/// A load-reserved, until its store-conditional.
struct Reservation {
    VirtAddr at{};
    usize size = 0;  // 0: there is none
    u64 value = 0;   // what was loaded
};

/// One instruction, decoded, on its way through registers and memory.
class Performance {
public:
    Performance(const MemoryInstruction& instruction, UserRegisters& registers,
                FloatRegisters& floats, Reservation& reservation, AccessedMemory& memory)
        : instruction_(instruction),
          registers_(registers),
          floats_(floats),
          reservation_(reservation),
          memory_(memory),
          at_{read_x(registers, instruction.rs1) +
              static_cast<u64>(static_cast<i64>(instruction.offset))} {}

    Result<MemoryAccess> perform() {
        switch (instruction_.kind) {
            case Kind::kLoad:
                return load();
            case Kind::kStore:
                return store();
            case Kind::kLoadReserved:
                return load_reserved();
            case Kind::kStoreConditional:
                return store_conditional();
            case Kind::kAtomic:
                return atomic();
        }
        return Error::kBadArg;
    }

private:
    usize size() const { return instruction_.size; }
    bool is_whole() const { return is_aligned(at_.value, size()); }
    /// Atomic operations are of whole words only.
    Result<void> check(UserAttempt attempt, bool atomic) const {
        if (atomic && !is_whole()) return Error::kBadArg;
        return memory_.allows(at_, size(), attempt) ? Result<void>() : Error::kBadArg;
    }
    MemoryAccess done(bool loads, bool stores) const { return {at_, size(), loads, stores}; }

    Result<MemoryAccess> load() {
        TRY(check(UserAttempt::kLoad, false));
        u64 value = 0;
        if (is_whole()) {
            value = TRY(memory_.load(at_, size()));
        } else {
            for (usize i = 0; i < size(); ++i) value |= TRY(memory_.load(at_ + i, 1))
            << (8 * i);
        }
        if (instruction_.is_float) {
            if (floats_.used == 0) floats_ = {.used = 1};
            floats_.f[instruction_.rd] = boxed(value, size());
        } else {
            write_x(registers_, instruction_.rd,
                    extended(value, size(), instruction_.extends_sign));
        }
        return done(true, false);
    }

    Result<MemoryAccess> store() {
        TRY(check(UserAttempt::kStore, false));
        const u64 value = instruction_.is_float ? floats_.f[instruction_.rs2]
                                                : read_x(registers_, instruction_.rs2);
        if (is_whole()) {
            TRY(memory_.store(at_, size(), value));
        } else {
            for (usize i = 0; i < size(); ++i) TRY(memory_.store(at_ + i, 1, value >> (8 * i)));
        }
        return done(false, true);
    }

    Result<MemoryAccess> load_reserved() {
        TRY(check(UserAttempt::kLoad, true));
        const u64 value = TRY(memory_.load(at_, size()));
        reservation_ = {.at = at_, .size = size(), .value = value};
        write_x(registers_, instruction_.rd, extended(value, size(), true));
        return done(true, false);
    }

    Result<MemoryAccess> store_conditional() {
        const Reservation reserved = std::exchange(reservation_, {});
        bool stored = reserved.size == size() && reserved.at == at_;
        if (stored) {
            TRY(check(UserAttempt::kStore, true));
            const u64 found = TRY(memory_.exchange(at_, size(), reserved.value,
                                                   read_x(registers_, instruction_.rs2)));
            stored = found == reserved.value;
        }
        write_x(registers_, instruction_.rd, stored ? 0 : 1);
        return done(false, stored);
    }

    Result<MemoryAccess> atomic() {
        TRY(check(UserAttempt::kStore, true));
        const u64 operand = extended(read_x(registers_, instruction_.rs2), size(), true);
        u64 expected = TRY(memory_.load(at_, size()));
        for (;;) {  // ends when nobody changed the word between
            const u64 word = extended(expected, size(), true);
            const u64 found = TRY(memory_.exchange(
                at_, size(), expected, result_of(instruction_.operation, word, operand)));
            if (found == expected) {
                write_x(registers_, instruction_.rd, word);
                return done(true, true);
            }
            expected = found;
        }
    }

    const MemoryInstruction& instruction_;
    UserRegisters& registers_;
    FloatRegisters& floats_;
    Reservation& reservation_;
    AccessedMemory& memory_;
    const VirtAddr at_;
};

/// An instruction as it stands in memory.
struct Fetched {
    u32 encoding = 0;  // expanded
    u64 length = 0;
};

Result<Fetched> fetch(AccessedMemory& memory, u64 pc) {
    const u32 encoding = TRY(memory.fetch({pc}));
    const u32 expanded = isa::is_compressed(encoding) ? isa::expand_compressed(encoding) : encoding;
    return Fetched{expanded, isa::length_of(encoding)};
}

/// Executes from behind a load-reserved to its store-conditional, if that comes soon; else nothing,
/// and what follows is left to the program.
void go_on_to_store(UserRegisters& registers, FloatRegisters& floats, Reservation& reservation,
                    AccessedMemory& memory, PerformedAccesses& performed) {
    constexpr u32 kMost = 32;  // twice what a loop may have that is sure to succeed
    UserRegisters ahead = registers;
    for (u32 i = 0; i < kMost; ++i) {
        const Result<Fetched> fetched = fetch(memory, ahead.pc);
        if (!fetched.ok()) return;
        const auto [encoding, length] = fetched.value();
        if (isa::execute_arithmetic(encoding, length, ahead)) continue;
        const std::optional<MemoryInstruction> next = MemoryInstruction::decode(encoding);
        if (!next || next->kind != Kind::kStoreConditional) return;
        const Result<MemoryAccess> access =
            Performance(*next, ahead, floats, reservation, memory).perform();
        if (!access.ok()) return;
        ahead.pc += length;
        registers = ahead;
        if (access.value().stores) performed.add(access.value());
        return;
    }
}

}  // namespace

Result<PerformedAccesses> perform_access(UserRegisters& registers, FloatRegisters& floats,
                                         AccessedMemory& memory) {
    const auto [encoding, length] = TRY(fetch(memory, registers.pc));
    const std::optional<MemoryInstruction> instruction = MemoryInstruction::decode(encoding);
    if (!instruction) return Error::kBadArg;
    Reservation reservation;
    PerformedAccesses performed;
    performed.add(TRY(Performance(*instruction, registers, floats, reservation, memory).perform()));
    registers.pc += length;
    if (instruction->kind == Kind::kStoreConditional) performed = {};  // without a reservation
    if (instruction->kind == Kind::kLoadReserved) {
        go_on_to_store(registers, floats, reservation, memory, performed);
    }
    return performed;
}

}  // namespace kernel::machine
