// Panic hooks: stop the other harts, write through the console, print stacks, locks, tasks and
// processes, power off.
#include "init/panic_report.h"

#include "base/panic.h"
#include "dev/console/console.h"
#include "init/batch.h"
#include "machine/backtrace.h"
#include "machine/power.h"
#include "proc/self.h"
#include "sched/scheduler.h"
#include "sync/held_locks.h"

namespace kernel::init {
namespace {

constexpr u8 kPanicStatus = 2;

void begin() {
    machine::disable_interrupts();
    machine::stop_other_harts();
    // Whoever runs us by script must find the report.
    put_panic_mark();
}

void output(std::string_view text) { dev::console().output().write_in_panic(text); }

void report(Sink& sink) {
    sched::print_run_queues(sink);
    proc::print_processes(sink);
}

void halt() { machine::power_off(kPanicStatus); }

}  // namespace

void set_up_panics() {
    set_panic_hooks({.begin = begin,
                     .output = output,
                     .backtrace = machine::print_all_harts,
                     .report = report,
                     .halt = halt});
}

}  // namespace kernel::init
