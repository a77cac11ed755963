// The base ISA without memory, by opcode.
#include "arch/riscv64/isa/arithmetic.h"

#include "arch/riscv64/isa/encoding.h"

namespace arch::riscv64::isa {
namespace {

using kernel::machine::UserRegisters;

constexpr u64 sign_extended_word(u64 value) {
    return static_cast<u64>(static_cast<i64>(static_cast<i32>(value)));
}
constexpr u64 widened(i32 value) { return static_cast<u64>(static_cast<i64>(value)); }

u64 read_x(const UserRegisters& registers, u8 number) {
    return number == 0 ? 0 : registers.x(number);
}

/// What funct3 stands for in OP and OP-IMM; `other` as in funct7.
u64 compute(u32 funct3, bool other, u64 a, u64 b) {
    switch (funct3) {
        case 0:
            return other ? a - b : a + b;
        case 1:
            return a << (b & 63);
        case 2:
            return static_cast<i64>(a) < static_cast<i64>(b) ? 1 : 0;
        case 3:
            return a < b ? 1 : 0;
        case 4:
            return a ^ b;
        case 5:
            return other ? static_cast<u64>(static_cast<i64>(a) >> (b & 63)) : a >> (b & 63);
        case 6:
            return a | b;
        default:
            return a & b;
    }
}

/// The same for words; funct3 is 0, 1 or 5.
u64 compute_word(u32 funct3, bool other, u64 a, u64 b) {
    if (funct3 == 0) return sign_extended_word(other ? a - b : a + b);
    const unsigned amount = b & 31;
    if (funct3 == 1) return sign_extended_word(a << amount);
    return other ? sign_extended_word(static_cast<u64>(static_cast<i32>(a) >> amount))
                 : sign_extended_word(static_cast<u32>(a) >> amount);
}

bool branches(u32 funct3, u64 a, u64 b) {
    const bool turned = (funct3 & 1) != 0;
    switch (funct3 >> 1) {
        case 0:
            return (a == b) != turned;
        case 2:
            return (static_cast<i64>(a) < static_cast<i64>(b)) != turned;
        default:
            return (a < b) != turned;
    }
}

i32 branch_offset(u32 of) {
    return signed_bits(bits(of, 31, 31) << 12 | bits(of, 7, 7) << 11 | bits(of, 30, 25) << 5 |
                           bits(of, 11, 8) << 1,
                       13);
}
i32 jump_offset(u32 of) {
    return signed_bits(bits(of, 31, 31) << 20 | bits(of, 19, 12) << 12 | bits(of, 20, 20) << 11 |
                           bits(of, 30, 21) << 1,
                       21);
}

constexpr u32 kOther = 0b0100000;
constexpr u32 kAdd = 0;
constexpr u32 kShiftLeft = 1;
constexpr u32 kShiftRight = 5;

/// Of registers, 64 bits wide or a word; nothing for multiplication and the like.
std::optional<u64> of_registers(u32 from, bool word, u64 a, u64 b) {
    const u32 funct3 = funct3_of(from);
    const bool other = funct7_of(from) == kOther;
    if (funct7_of(from) != 0 && !(other && (funct3 == kAdd || funct3 == kShiftRight))) {
        return std::nullopt;
    }
    if (!word) return compute(funct3, other, a, b);
    if (funct3 != kAdd && funct3 != kShiftLeft && funct3 != kShiftRight) return std::nullopt;
    return compute_word(funct3, other, a, b);
}

/// With a constant.
std::optional<u64> of_immediate(u32 from, bool word, u64 a) {
    const u32 funct3 = funct3_of(from);
    const u64 immediate = widened(signed_bits(bits(from, 31, 20), 12));
    const bool shifts = funct3 == kShiftLeft || funct3 == kShiftRight;
    if (!shifts) {
        if (!word) return compute(funct3, false, a, immediate);
        return funct3 == kAdd ? std::optional(compute_word(kAdd, false, a, immediate))
                              : std::nullopt;
    }
    // The bits above the amount say which shift it is.
    const u32 above = word ? funct7_of(from) : funct7_of(from) & ~u32{1};
    const bool other = above == kOther;
    if (above != 0 && !(other && funct3 == kShiftRight)) return std::nullopt;
    return word ? compute_word(funct3, other, a, immediate) : compute(funct3, other, a, immediate);
}

}  // namespace

bool execute_arithmetic(u32 encoding, u64 length, UserRegisters& registers) {
    const u64 a = read_x(registers, rs1_of(encoding));
    const u64 b = read_x(registers, rs2_of(encoding));
    std::optional<u64> result;
    u64 next = registers.pc + length;
    switch (bits(encoding, 6, 0)) {
        case opcode::kLui:
            result = widened(static_cast<i32>(encoding & ~u32{0xfff}));
            break;
        case opcode::kAuipc:
            result = registers.pc + widened(static_cast<i32>(encoding & ~u32{0xfff}));
            break;
        case opcode::kOp:
        case opcode::kOp32:
            result = of_registers(encoding, bits(encoding, 6, 0) == opcode::kOp32, a, b);
            break;
        case opcode::kOpImm:
        case opcode::kOpImm32:
            result = of_immediate(encoding, bits(encoding, 6, 0) == opcode::kOpImm32, a);
            break;
        case opcode::kJal:
            if (jump_offset(encoding) <= 0) return false;
            result = next;
            next = registers.pc + widened(jump_offset(encoding));
            break;
        case opcode::kBranch: {
            if ((funct3_of(encoding) & 6) == 2) return false;
            if (branches(funct3_of(encoding), a, b)) {
                if (branch_offset(encoding) <= 0) return false;
                next = registers.pc + widened(branch_offset(encoding));
            }
            registers.pc = next;
            return true;
        }
        default:
            return false;
    }
    if (!result) return false;
    if (rd_of(encoding) != 0) registers.x(rd_of(encoding)) = *result;
    registers.pc = next;
    return true;
}

}  // namespace arch::riscv64::isa
