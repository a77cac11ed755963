// Which planted fault is at work in a copy that mutate.py made; 0: none.
#pragma once

namespace model {

extern unsigned mutant;

/// Whether fault `number` is at work; never in what the compiler computes.
constexpr bool planted(unsigned number) {
    if consteval {
        return false;
    } else {
        return mutant == number;
    }
}

struct Mutant {
    unsigned number;
    const char* name;
    const char* killer;  // the scenario that finds it
};

}  // namespace model
