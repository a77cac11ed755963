// The program goes on, by a step or until something stops it.
#include "../debug/instruction.h"
#include "db.h"

static int get_registers(const Thread* thread, uvlong registers[kRegisters]) {
    if (read_registers(thread->pid, registers) == 0) return 1;
    complain("can't read registers: %r");
    return 0;
}

static Point* breakpoint_at(uvlong at) {
    for (int i = 0; i < kPoints; ++i) {
        if (points[i].type == '0' && points[i].at == at) return &points[i];
    }
    return nil;
}

/* It meets the note that stopped it. */
static int let_go_on(Thread* thread, int steps) {
    if (resume(thread, thread->note[0] == '\0' ? nil : thread->note, steps) == 0) return 1;
    complain("%d can't go on: %r", thread->pid);
    return 0;
}

static Thread* run_and_wait(void) {
    Thread* const told = run(is_asked);
    if (trouble[0] != '\0') complain("can't go on: %s", trouble);
    if (told == nil) return nil;
    choose(told->pid);
    look_at_program();
    return told;
}

/* One instruction of one thread, while the others stand: also where a breakpoint is. nil: it can't,
 * or all have ended. */
static Thread* step_once(Thread* thread) {
    uvlong registers[kRegisters];
    if (!get_registers(thread, registers)) return nil;
    Point* const here = breakpoint_at(registers[kPc]);
    if (here != nil) here->type = 0;
    Thread* const told = let_go_on(thread, 1) ? run_and_wait() : nil;
    if (here != nil) here->type = '0';
    return told;
}

static int can_go_on(void) {
    if (current()->broken) complain("%d is Broken: look at it, or kill it", current()->pid);
    return !current()->broken;
}

/* All go on. A thread that stopped meanwhile, and has not been told of, is told of first. */
static Thread* continue_all(void) {
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].reason == kNoReason || threads[i].reported) continue;
        choose(threads[i].pid);
        return &threads[i];
    }
    remember_watched();
    for (int i = 0; i < thread_count; ++i) {
        uvlong registers[kRegisters];
        if (threads[i].broken || !get_registers(&threads[i], registers)) continue;
        if (breakpoint_at(registers[kPc]) == nil) continue;
        Thread* const told = step_once(&threads[i]);
        if (told == nil || told->reason != kStepped) return told;
    }
    for (int i = 0; i < thread_count; ++i) {
        if (!threads[i].broken && !let_go_on(&threads[i], 0)) return nil;
    }
    return run_and_wait();
}

static void report_if(Thread* told) {
    if (told != nil) report(told);
}

void continue_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    if (can_go_on()) report_if(continue_all());
}

void step_command(int argc, char* argv[]) {
    ulong count = 1;
    if (argc > 1 && !get_count(argv[1], 1 << 30, &count)) return;
    if (!can_go_on()) return;
    Thread* told = nil;
    remember_watched();
    while (count-- > 0) {
        told = step_once(current());
        if (told == nil || told->reason != kStepped || is_asked()) break;
    }
    report_if(told);
}

/* Goes on to a place, where sp is not below `least_sp`: a call within does not count. */
static Thread* go_to(uvlong at, uvlong least_sp) {
    uvlong registers[kRegisters];
    ulong instruction;
    if (!get_instruction(at, &instruction)) return nil;
    const int pid = current()->pid, was_there = breakpoint_at(at) != nil;
    if (add_point('0', at, length_of(instruction)) < 0) {
        complain("no room for more than %d", kPoints);
        return nil;
    }
    Thread* told;
    do told = continue_all();
    while (told != nil && told->pid == pid && told->reason == kBreakpoint && !is_asked() &&
           get_registers(told, registers) && registers[kPc] == at && registers[kSp] < least_sp);
    if (!was_there) remove_point('0', at, length_of(instruction));
    return told;
}

void until_command(int argc, char* argv[]) {
    USED(argc);
    uvlong at;
    if (can_go_on() && get_value(argv[1], &at)) report_if(go_to(at, 0));
}

void next_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    uvlong registers[kRegisters];
    if (!can_go_on() || !get_registers(current(), registers)) return;
    const uvlong pc = registers[kPc];
    const ulong instruction = instruction_at(current()->pid, pc);
    if (is_call(instruction)) return report_if(go_to(pc + length_of(instruction), registers[kSp]));
    remember_watched();
    report_if(step_once(current()));
}
