// MemoryInstruction: what an encoding does with memory, by the Unprivileged ISA 20191213, chapters
// 2, 5, 8, 11, 12 and 16.
#pragma once

#include "arch/riscv64/sv39/vocabulary.h"

namespace arch::riscv64::isa {

/// One load, store or atomic operation. A value.
struct MemoryInstruction {
    enum class Kind : u8 { kLoad, kStore, kLoadReserved, kStoreConditional, kAtomic };
    /// What an atomic operation makes of the word that it loads and of rs2.
    enum class Operation : u8 {
        kSwap,
        kAdd,
        kXor,
        kAnd,
        kOr,
        kMin,
        kMax,
        kMinUnsigned,
        kMaxUnsigned,
    };

    Kind kind = Kind::kLoad;
    Operation operation = Operation::kSwap;
    u8 size = 0;               // bytes of memory
    bool extends_sign = true;  // of what is loaded into an integer register
    bool is_float = false;     // rd of a load, rs2 of a store, is a floating-point register
    u8 rd = 0;
    u8 rs1 = 0;
    u8 rs2 = 0;
    i32 offset = 0;  // from rs1

    /// Of an encoding of 32 bits; nothing for what does not access memory.
    static std::optional<MemoryInstruction> decode(u32 encoding);
};

}  // namespace arch::riscv64::isa
