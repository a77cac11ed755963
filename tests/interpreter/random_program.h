// RandomProgram: a program that ends, made of everything there is, by a generator.
#pragma once

#include <functional>
#include <vector>

#include "tests/interpreter/random_values.h"

namespace interpreter_tests {

/// The data that programs work on: kScratchPages from kScratch, between pages they may not touch.
/// At kReadOnlyPage is a page that is not written, at kNowhere none.
inline constexpr u64 kScratch = 0x40'0000;
inline constexpr u64 kScratchPages = 4;
inline constexpr u64 kReadOnlyPage = 0x80'0000;
inline constexpr u64 kNowhere = 0xc0'0000;

/// Straight code with branches and jumps forward, loads, stores and atomic instructions on the
/// scratch pages, and an instruction at its end that traps.
///
/// sp, s0 and s1 point to the middle of the scratch pages, farther from their ends than any offset
/// reaches; nothing else is an address. No load-reserved stays without its store-conditional.
class RandomProgram {
public:
    explicit RandomProgram(Random& random);

    const std::vector<u16>& code() const { return code_; }
    /// What registers begin with.
    const std::array<u64, 32>& registers() const { return registers_; }

private:
    /// A branch or jump, placed before it was known where its target is.
    struct Forward {
        usize at;    // index in code_
        usize over;  // how many units it skips
        usize unit;  // its own
        std::function<u32(u64 offset)> make;
    };

    void put_unit();
    void put_computation();
    void put_memory_access();
    void put_atomic();
    void put_reserved_pair();
    void put_forward();
    void put_indirect_jump();
    void put_compressed();
    void put_end();

    void put(u32 instruction);
    void patch(usize at, u32 instruction);
    void settle_forwards();

    u32 below(u64 limit) { return static_cast<u32>(random_.below(limit)); }
    u32 source() { return below(32); }
    u32 destination();
    u32 pointer();

    Random& random_;
    std::vector<u16> code_;
    std::vector<usize> units_;  // where each begins in code_
    std::vector<Forward> forwards_;
    std::array<u64, 32> registers_{};
};

}  // namespace interpreter_tests
