// Why and where the program stopped.
#include "../debug/instruction.h"
#include "db.h"

void print_here(const Thread* thread) {
    uvlong registers[kRegisters];
    if (read_registers(thread->pid, registers) < 0) return complain("can't read pc: %r");
    const uvlong pc = registers[kPc];
    const ulong instruction = instruction_at(thread->pid, pc);
    const char* const name = place_name(pc);
    print("0x%llux%s%s", pc, name[0] == '\0' ? "" : " ", name);
    if (instruction == 0)
        print(": no instruction\n");
    else
        print(": %0*ux\n", (int)length_of(instruction) * 2, instruction);
}

void report(Thread* thread) {
    thread->reported = 1;
    print("%d: ", thread->pid);
    switch (thread->reason) {
        case kBreakpoint:
            print("breakpoint");
            break;
        case kWatched:
            print_watched(thread->watched);
            break;
        case kNote:
            print("note %q", thread->note);
            break;
        case kBroken:
            print("Broken");
            break;
        case kStepped:
            print("step");
            break;
        default:
            print("stopped");
    }
    print(", at ");
    print_here(thread);
}

void report_end(void) {
    over = 1;
    wait_for_end();
    if (end_status == nil || end_status[0] == '\0')
        print("the program has ended\n");
    else
        print("the program has ended: %s\n", end_status);
}
