// UserProgram: a program of a few instructions, the pages it works on, and the hart it runs on.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "tests/host/interpreter/interpreter.h"
#include "tests/interpreter/mnemonics.h"
#include "tests/interpreter/paged_memory.h"

namespace interpreter_tests {

using host::interpreter::Cause;
using host::interpreter::Interpreter;
using host::interpreter::Stop;
using host::interpreter::UserRegisters;

inline void PrintTo(const Stop& stop, std::ostream* out) {
    *out << "cause " << static_cast<u64>(stop.cause) << ", value 0x" << std::hex << stop.value
         << std::dec << ", " << stop.retired << " retired";
}

/// Code at kCode, execute-only; two pages of data at kData, of which the second is followed by
/// nothing.
class UserProgram {
public:
    static constexpr u64 kCode = 0x10000;
    static constexpr u64 kData = 0x20000;
    static constexpr u64 kSecondPage = kData + kernel::kPageSize;
    static constexpr u64 kUnmapped = kSecondPage + kernel::kPageSize;

    UserProgram() {
        memory.map(kCode, kExecuteOnly);
        memory.map(kData, kReadWrite);
        memory.map(kSecondPage, kReadWrite);
        registers.pc = kCode;
    }

    /// Puts instructions at `at`, of 16 bits where their lowest two say so.
    void write(std::initializer_list<u32> instructions, u64 at = kCode) {
        for (const u32 instruction : instructions) {
            const unsigned size = (instruction & 3) == 3 ? 4 : 2;
            memory.poke(at, instruction, size);
            at += size;
        }
    }
    /// Writes them at kCode and executes as many as there are, or up to the first trap.
    Stop run(std::initializer_list<u32> instructions) {
        write(instructions);
        registers.pc = kCode;
        return interpreter.run(registers, instructions.size());
    }
    /// As run(), where nothing must trap.
    void run_all(std::initializer_list<u32> instructions) {
        const Stop stop = run(instructions);
        ASSERT_EQ(stop, (Stop{Cause::kSteps, 0, instructions.size()}));
    }
    /// Runs one instruction that must trap, and leave registers and data as they were.
    Stop trap(u32 instruction) {
        registers.pc = kCode;
        const UserRegisters before = registers;
        const auto data_before = data();
        const Stop stop = run({instruction});
        EXPECT_EQ(registers, before);
        EXPECT_EQ(data(), data_before);
        EXPECT_EQ(stop.retired, 0u);
        return stop;
    }

    /// What `instruction` leaves in a2 when a0 is `a` and a1 is `b`.
    u64 compute(u32 instruction, u64 a, u64 b = 0) {
        x(a0) = a;
        x(a1) = b;
        run_all({instruction});
        return x(a2);
    }

    u64& x(Register name) { return registers.x[name]; }
    std::vector<u64> data() {
        std::vector<u64> words;
        for (u64 at = kData; at < kUnmapped; at += 8) words.push_back(memory.peek(at, 8));
        return words;
    }

    PagedMemory memory;
    Interpreter interpreter{memory};
    UserRegisters registers{};
};

}  // namespace interpreter_tests
