// How fast the interpreter is: instructions a second of a program that sorts numbers, in 32-bit and
// in 16-bit code.
//
// usage: interpreter_speed [MILLIONS]

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <span>
#include <vector>

#include "tests/host/interpreter/interpreter.h"
#include "tests/interpreter/mnemonics.h"
#include "tests/interpreter/paged_memory.h"

namespace interpreter_tests {
namespace {

using namespace mnemonics;
using host::interpreter::Cause;
using host::interpreter::Interpreter;
using host::interpreter::Stop;
using host::interpreter::UserRegisters;

constexpr u64 kCode = 0x10000;
constexpr u64 kNumbers = 0x20000;
constexpr u64 kCount = 512;

void append(std::vector<u16>& code, u32 instruction) {
    code.push_back(static_cast<u16>(instruction));
    if ((instruction & 3) == 3) code.push_back(static_cast<u16>(instruction >> 16));
}

/// Fills kCount words with the numbers of a linear congruence, sorts them by insertion, and again,
/// for ever. s0: the numbers, s1: their end, a0: state of the generator.
std::vector<u16> sorting(bool compressed) {
    std::vector<u16> code;
    const auto put = [&](u32 wide, u32 narrow) { append(code, compressed ? narrow : wide); };
    const auto here = [&] { return static_cast<u64>(code.size()) * 2; };
    const u64 begin = here();
    put(add(a5, zero, s0), 0x87a2);  // mv a5, s0
    const u64 fill = here();
    append(code, op(0b0000001'000, a0, a0, a1));  // mul a0, a0, a1
    put(addi(a0, a0, 13), 0x0535);                // addi a0, a0, 13
    put(sd(a0, 0, a5), 0xe388);                   // sd a0, 0(a5)
    put(addi(a5, a5, 8), 0x07a1);                 // addi a5, a5, 8
    append(code, bne(a5, s1, fill - here()));
    put(addi(a5, s0, 0), 0x87a2);  // mv a5, s0
    const u64 outer = here();
    put(addi(a5, a5, 8), 0x07a1);
    const usize done = code.size();  // beq a5, s1, done
    append(code, beq(a5, s1, 4));
    put(ld(a2, 0, a5), 0x6390);      // ld a2, 0(a5)
    put(add(a4, zero, a5), 0x873e);  // mv a4, a5
    const u64 inner = here();
    append(code, ld(a3, static_cast<u64>(-8), a4));
    const usize placed = code.size();  // bgeu a2, a3, placed
    append(code, branch(0b111, a2, a3, 4));
    put(sd(a3, 0, a4), 0xe314);                       // sd a3, 0(a4)
    put(addi(a4, a4, static_cast<u64>(-8)), 0x1761);  // addi a4, a4, -8
    append(code, bne(a4, s0, inner - here()));
    const u64 placed_at = here();
    put(sd(a2, 0, a4), 0xe310);  // sd a2, 0(a4)
    append(code, jal(zero, outer - here()));
    const u64 done_at = here();
    append(code, jal(zero, begin - here()));
    const auto fix = [&](usize index, u32 instruction) {
        code[index] = static_cast<u16>(instruction);
        code[index + 1] = static_cast<u16>(instruction >> 16);
    };
    fix(done, beq(a5, s1, done_at - done * 2));
    fix(placed, branch(0b111, a2, a3, placed_at - placed * 2));
    return code;
}

/// Millions of instructions a second of the processor's time.
double measure(bool compressed, u64 steps) {
    PagedMemory memory;
    memory.map(kCode, kExecuteOnly);
    memory.map(kNumbers, kReadWrite);
    memory.write_code(kCode, sorting(compressed));
    UserRegisters registers;
    registers.pc = kCode;
    registers.x[s0] = kNumbers;
    registers.x[s1] = kNumbers + kCount * sizeof(u64);
    registers.x[a0] = 1;
    registers.x[a1] = 6364136223846793005;
    Interpreter interpreter(memory);
    const std::clock_t begin = std::clock();
    const Stop stop = interpreter.run(registers, steps);
    const double passed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    if (stop.cause != Cause::kSteps) {
        std::fprintf(stderr, "stopped at %#llx by cause %llu\n",
                     static_cast<unsigned long long>(registers.pc),
                     static_cast<unsigned long long>(stop.cause));
        std::exit(1);
    }
    return static_cast<double>(stop.retired) / passed / 1e6;
}

}  // namespace
}  // namespace interpreter_tests

int main(int count, char** words) {
    const std::span arguments(words, static_cast<std::size_t>(count));
    const auto millions = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 20;
    for (const bool compressed : {false, true}) {
        std::printf("%s code: %.0f million instructions a second\n",
                    compressed ? "16-bit" : "32-bit",
                    interpreter_tests::measure(compressed, millions * 1'000'000));
    }
}
