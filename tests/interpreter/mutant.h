// Which planted fault is at work in the mutated copy of the interpreter; 0: none.
#pragma once

#include <type_traits>

namespace interpreter_tests {

extern unsigned mutant;

inline bool is_at_work(unsigned number) { return mutant == number; }

/// Whether fault `number` is at work; while compiling, none is.
constexpr bool planted(unsigned number) {
    return std::is_constant_evaluated() ? false : is_at_work(number);
}

}  // namespace interpreter_tests
