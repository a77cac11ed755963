// What contract cases lean on: helper tasks, a spare page, patience.
#include "base/assert.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "tests/contract/contract.h"
#include "tests/contract/user_program.h"

namespace contract {
namespace {

using kernel::Bytes;
using kernel::PhysAddr;
using kernel::PhysRange;
namespace machine = kernel::machine;
namespace sched = kernel::sched;

/// A helper's room. The stack is a page-aligned array of its own.
struct Helper {
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
    Program* program = nullptr;
    kernel::Atomic<u32> ended{0};  // atomic: [contract.ended]
};
constinit std::array<Helper, Helpers::kMax> rooms;
constinit std::array<kernel::Late<sched::Task>, Helpers::kMax> tasks;
/// The last page is for the registers of a program; the task has the rest.
constexpr usize kHelperStack = machine::kKernelStackSize + kernel::kPageSize;
alignas(kernel::kPageSize) std::byte stacks[Helpers::kMax][kHelperStack];
// Of the calls that they make.
std::array<std::array<machine::CallRecord, machine::kCallRecords>, Helpers::kMax> call_records;

void begin(void* room) {
    const auto& helper = *static_cast<Helper*>(room);
    helper.entry(helper.argument);
    Helpers::end_current();
}

void enter_program(void* argument) {
    const auto& program = *static_cast<const Program*>(argument);
    Helpers::registers_of(sched::Task::current()) = program.start;
    machine::enter_user();
}

bool is_reserved(PhysAddr page) {
    const PhysRange wanted{page, kernel::kPageSize};
    for (const PhysRange& range : machine::boot_info().reserved) {
        if (range.overlaps(wanted)) return true;
    }
    return false;
}

}  // namespace

Helpers::Helpers() = default;

Helpers::~Helpers() { ASSERT(count_ == 0); }

sched::Task& Helpers::start(void (*entry)(void*), void* argument, sched::HartSet harts,
                            sched::Priority priority) {
    ASSERT(count_ < kMax);
    rooms[count_].entry = entry;
    rooms[count_].argument = argument;
    rooms[count_].program = nullptr;
    return start_in_room(harts, priority);
}

sched::Task& Helpers::start(Program& program, sched::HartSet harts) {
    ASSERT(count_ < kMax);
    rooms[count_].entry = enter_program;
    rooms[count_].argument = &program;
    rooms[count_].program = &program;
    return start_in_room(harts, sched::kNormalPriority);
}

sched::Task& Helpers::start_in_room(sched::HartSet harts, sched::Priority priority) {
    Helper& room = rooms[count_];
    // relaxed: start() publishes it.
    room.ended.store(0, std::memory_order_relaxed);
    sched::Task& task = tasks[count_].make();
    task.init({.name = "helper",
               .stack = Bytes{stacks[count_], kHelperStack - machine::kUserRegistersRoom},
               .entry = begin,
               .argument = &room,
               .priority = priority,
               .harts = harts,
               .owner = &room});
    ++count_;
    task.start();
    return task;
}

void Helpers::join() {
    for (usize i = 0; i < count_; ++i) {
        // [contract.ended] acquire: pairs with release in begin().
        while (rooms[i].ended.load(std::memory_order_acquire) == 0) {
            (void)sched::sleep_for(kernel::nanos_from_micros(50));  // ignored: only a pause
        }
    }
    count_ = 0;
}

Program* Helpers::program_of(sched::Task& task) {
    const auto* const room = task.owner<Helper>();
    return room == nullptr ? nullptr : room->program;
}

machine::UserRegisters& Helpers::registers_of(sched::Task& task) {
    const usize room = static_cast<usize>(task.owner<Helper>() - rooms.data());
    machine::UserRoom& there = machine::user_room(Bytes{stacks[room], kHelperStack});
    there.records = there.record = call_records[room].data();
    return there.registers;
}

void Helpers::end_current() {
    sched::exit_current([](sched::Task& task) {
        // [contract.ended] release: nobody uses stack and task any more; pairs with acquire in
        // join().
        task.owner<Helper>()->ended.store(1, std::memory_order_release);
    });
}

PhysAddr spare_page() {
    // The last page of RAM that is not reserved: a kernel without mm has not touched it.
    const auto& memory = machine::boot_info().memory;
    for (usize i = memory.size(); i-- > 0;) {
        for (PhysAddr page = memory[i].end() - kernel::kPageSize; page >= memory[i].start;
             page = page - kernel::kPageSize) {
            if (!is_reserved(page)) return page;
        }
    }
    PANIC("no page of RAM is free");
}

bool out_of_patience(Nanos begun) {
    machine::relax();
    return machine::now() - begun > kPatience;
}

}  // namespace contract
