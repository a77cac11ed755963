// The kernel of the contract image: a scheduler, one task that runs the cases, and counters.
#include "machine/upcalls.h"

#include "base/assert.h"
#include "sched/scheduler.h"
#include "sync/held_locks.h"
#include "tests/contract/contract.h"
#include "tests/contract/user_program.h"

namespace contract {
namespace {

using kernel::Bytes;
using kernel::machine::kKernelStackSize;
using kernel::machine::kMaxHarts;

constinit kernel::machine::PerHart<UpcallCounts> counts;
constinit kernel::machine::PerHart<UpcallLetter> letters;
constinit kernel::Late<kernel::sched::Task> main_task;
alignas(kernel::kPageSize) std::byte main_stack[kKernelStackSize];
alignas(kernel::kPageSize) std::byte idle_stacks[kMaxHarts][kKernelStackSize];

}  // namespace

const UpcallCounts& upcall_counts(kernel::machine::HartIndex hart) { return counts.of(hart); }
UpcallLetter& upcall_letter(kernel::machine::HartIndex hart) { return letters.of(hart); }

}  // namespace contract

namespace kernel::machine::upcalls {

void boot_main() {
    sync::reset_held_locks();
    sched::init({.switching = contract::switch_spaces});
    sched::Task& task = contract::main_task.make();
    task.init({.name = "contract",
               .stack = Bytes{contract::main_stack, kKernelStackSize},
               .entry = [](void*) { contract::run(); }});
    task.start();
    start_other_harts();
    hart_main();
}

void hart_main() {
    sched::enter_scheduler(Bytes{contract::idle_stacks[hart_index()], kKernelStackSize});
}

void timer() {
    // relaxed: cases compare counts, nothing orders on them.
    contract::counts.mine().timers.fetch_add(1, std::memory_order_relaxed);
    sched::timer_interrupt();
}

void ipi() {
    contract::UpcallLetter& letter = contract::letters.mine();
    // relaxed (both): whether send_ipi() orders them is what a case finds out.
    letter.seen.store(letter.sent.load(std::memory_order_relaxed), std::memory_order_relaxed);
    // [contract.ipi] release: what the sender stored and this hart saw; pairs with acquire in
    // cases.
    contract::counts.mine().ipis.fetch_add(1, std::memory_order_release);
    sched::ipi_interrupt();
}

void external(IrqLine) { sched::device_interrupt(); }

void interrupt_exit() { sched::interrupt_exit(); }

void kernel_fault(std::string_view what, VirtAddr where, VirtAddr address) {
    PANIC("{} at {:x}, address {:x}", what, where.value, address.value);
}

}  // namespace kernel::machine::upcalls
