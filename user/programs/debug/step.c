// Where an instruction leads: what one step needs breakpoints at.
#include "parts.h"

/* Behind the store-conditional, and where branches before it lead past it. */
static int places_after_reserved(int pid, uvlong pc, uvlong* places, int most) {
    enum { kLongest = 16 };
    uvlong targets[kLongest];
    int target_count = 0;
    for (int i = 0; i < kLongest; ++i) {
        const ulong instruction = instruction_at(pid, pc);
        if (instruction == 0) return 0;
        target_count += is_branch_to(instruction, pc, &targets[target_count]);
        pc += length_of(instruction);
        if (!is_store_conditional(instruction)) continue;
        int count = 0;
        places[count++] = pc;
        for (int k = 0; k < target_count && count < most; ++k) {
            if (targets[k] >= pc) places[count++] = targets[k];
        }
        return count;
    }
    return 0;
}

int places_after(int pid, uvlong registers[kRegisters], uvlong* places, int most) {
    const uvlong pc = registers[kPc];
    const ulong instruction = instruction_at(pid, pc);
    if (instruction == 0) return 0;
    if (is_load_reserved(instruction)) {
        const int count = places_after_reserved(pid, pc, places, most);
        if (count != 0) return count;
    }
    places[0] = next_of(instruction, pc, registers);
    return 1;
}
