// What contract cases lean on: helper tasks, a spare page, patience.
#include "base/assert.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "tests/contract/contract.h"

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
    kernel::Atomic<u32> ended{0};  // atomic: [contract.ended]
};
constinit std::array<Helper, Helpers::kMax> rooms;
constinit std::array<kernel::Late<sched::Task>, Helpers::kMax> tasks;
alignas(kernel::kPageSize) std::byte stacks[Helpers::kMax][machine::kKernelStackSize];

void begin(void* room) {
    const auto& helper = *static_cast<Helper*>(room);
    helper.entry(helper.argument);
    sched::exit_current([](sched::Task& task) {
        // [contract.ended] release: nobody uses stack and task any more; pairs with acquire in
        // join().
        task.owner<Helper>()->ended.store(1, std::memory_order_release);
    });
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
    Helper& room = rooms[count_];
    room.entry = entry;
    room.argument = argument;
    // relaxed: start() publishes it.
    room.ended.store(0, std::memory_order_relaxed);
    sched::Task& task = tasks[count_].make();
    task.init({.name = "helper",
               .stack = Bytes{stacks[count_], machine::kKernelStackSize},
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
