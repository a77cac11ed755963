// Which planted fault is at work in the mutated copy of the Pid hash; 0: none.
#pragma once

namespace model::pid {

extern unsigned mutant;

struct Mutant {
    unsigned number;
    const char* name;
    const char* killer;  // the scenario that finds it
};

}  // namespace model::pid
