// Decoding, opcode by opcode.
#include "arch/riscv64/isa/memory_instruction.h"

#include "arch/riscv64/isa/encoding.h"

namespace arch::riscv64::isa {
namespace {

using Kind = MemoryInstruction::Kind;
using Operation = MemoryInstruction::Operation;

/// Widths, in funct3: as powers of two.
constexpr u32 kWord = 2;
constexpr u32 kDouble = 3;

std::optional<MemoryInstruction> decode_load(u32 from, bool is_float) {
    const u32 width = bits(from, 13, 12);
    const bool is_unsigned = bits(from, 14, 14) != 0;
    if (is_float ? is_unsigned || width < kWord : is_unsigned && width == kDouble) {
        return std::nullopt;
    }
    return MemoryInstruction{.kind = Kind::kLoad,
                             .size = static_cast<u8>(1 << width),
                             .extends_sign = !is_unsigned,
                             .is_float = is_float,
                             .rd = rd_of(from),
                             .rs1 = rs1_of(from),
                             .offset = signed_bits(bits(from, 31, 20), 12)};
}

std::optional<MemoryInstruction> decode_store(u32 from, bool is_float) {
    const u32 width = funct3_of(from);
    if (width > kDouble || (is_float && width < kWord)) return std::nullopt;
    return MemoryInstruction{.kind = Kind::kStore,
                             .size = static_cast<u8>(1 << width),
                             .is_float = is_float,
                             .rs1 = rs1_of(from),
                             .rs2 = rs2_of(from),
                             .offset = signed_bits(funct7_of(from) << 5 | bits(from, 11, 7), 12)};
}

/// By funct5; nothing for those that are not atomic operations on one word.
std::optional<Operation> operation_of(u32 funct5) {
    switch (funct5) {
        case 0b00001:
            return Operation::kSwap;
        case 0b00000:
            return Operation::kAdd;
        case 0b00100:
            return Operation::kXor;
        case 0b01100:
            return Operation::kAnd;
        case 0b01000:
            return Operation::kOr;
        case 0b10000:
            return Operation::kMin;
        case 0b10100:
            return Operation::kMax;
        case 0b11000:
            return Operation::kMinUnsigned;
        case 0b11100:
            return Operation::kMaxUnsigned;
        default:
            return std::nullopt;
    }
}

std::optional<MemoryInstruction> decode_amo(u32 from) {
    constexpr u32 kLoadReserved = 0b00010;
    constexpr u32 kStoreConditional = 0b00011;
    const u32 width = funct3_of(from);
    if (width != kWord && width != kDouble) return std::nullopt;
    MemoryInstruction made{.kind = Kind::kAtomic,
                           .size = static_cast<u8>(1 << width),
                           .rd = rd_of(from),
                           .rs1 = rs1_of(from),
                           .rs2 = rs2_of(from)};
    const u32 funct5 = bits(from, 31, 27);
    if (funct5 == kLoadReserved) {
        if (made.rs2 != 0) return std::nullopt;
        made.kind = Kind::kLoadReserved;
        return made;
    }
    if (funct5 == kStoreConditional) {
        made.kind = Kind::kStoreConditional;
        return made;
    }
    const std::optional<Operation> operation = operation_of(funct5);
    if (!operation) return std::nullopt;
    made.operation = *operation;
    return made;
}

}  // namespace

std::optional<MemoryInstruction> MemoryInstruction::decode(u32 encoding) {
    switch (bits(encoding, 6, 0)) {
        case opcode::kLoad:
            return decode_load(encoding, false);
        case opcode::kLoadFloat:
            return decode_load(encoding, true);
        case opcode::kStore:
            return decode_store(encoding, false);
        case opcode::kStoreFloat:
            return decode_store(encoding, true);
        case opcode::kAmo:
            return decode_amo(encoding);
        default:
            return std::nullopt;
    }
}

}  // namespace arch::riscv64::isa
