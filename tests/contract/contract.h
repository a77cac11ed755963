// Contract cases: checks of kernel/machine, sync and sched that are written once and run on every
// implementation of the machine: under GoogleTest on the host, as the image procyon-test on
// riscv64.
//
// A case is a function that runs as a task with interrupts on. To add one: a row in cases.def, and
//
//     CONTRACT_CASE(ClockIsMonotone) { CONTRACT_CHECK(a <= b); }
//
// A check that fails is reported, and the case goes on. Cases allocate nothing and leave nothing
// behind: tasks come from Helpers, pages from take_page().
#pragma once

#include "base/atomic.h"
#include "base/format.h"
#include "base/late.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/clock.h"
#include "machine/context.h"
#include "machine/hart.h"
#include "machine/user.h"
#include "sched/completion.h"
#include "sched/task.h"

namespace contract {

using kernel::Nanos;
using kernel::u32;
using kernel::u64;
using kernel::usize;

#define CONTRACT_CASE(name) void name()
namespace cases {
#define CASE(name) CONTRACT_CASE(name);
#include "tests/contract/cases.def"
#undef CASE
}  // namespace cases

/// A row of the list of cases.
struct Row {
    std::string_view name;
    void (*run)();
};
inline constexpr Row kCases[] = {
#define CASE(name) {#name, cases::name},
#include "tests/contract/cases.def"
#undef CASE
};

/// Reports a failed check. The runner implements it. Any context.
void report_failure(const char* expression, const char* file, u32 line);
/// The task that the machine boots into; powers off at the end. The runner implements it.
void run();

/// Reports `expression` if it does not hold.
#define CONTRACT_CHECK(expression)                                       \
    do {                                                                 \
        if (!(expression)) {                                             \
            ::contract::report_failure(#expression, __FILE__, __LINE__); \
        }                                                                \
    } while (false)

/// How long a case waits for what must come; far more than a slow simulator needs.
inline constexpr Nanos kPatience = kernel::nanos_from_seconds(20);
/// A turn of waiting since `begun` (a machine::now() value); whether it has been too long.
bool out_of_patience(Nanos begun);
/// Waits until `done()`, spinning with interrupts on, at most kPatience. Returns whether it came.
template <class Done>
bool spin_until(Done&& done) {
    const Nanos begun = kernel::machine::now();
    while (!done()) {
        if (out_of_patience(begun)) return false;
    }
    return true;
}

/// What the upcalls of this machine have counted on each hart.
struct UpcallCounts {
    kernel::Atomic<u32> timers{0};
    kernel::Atomic<u32> ipis{0};
};
const UpcallCounts& upcall_counts(kernel::machine::HartIndex hart);

/// What a case gave the upcall ipi() of a hart to read, and what that has read last.
struct UpcallLetter {
    kernel::Atomic<u64> sent{0};
    kernel::Atomic<u64> seen{0};
};
UpcallLetter& upcall_letter(kernel::machine::HartIndex hart);

struct Program;

/// Up to kMax tasks at once, on stacks that are always there.
class Helpers : kernel::Pinned {
public:
    static constexpr usize kMax = 6;

    Helpers();
    ~Helpers();
    /// Starts a task that runs entry(argument). Returns it.
    kernel::sched::Task& start(void (*entry)(void*), void* argument,
                               kernel::sched::HartSet harts = kernel::sched::kAllHarts,
                               kernel::sched::Priority priority = kernel::sched::kNormalPriority);
    /// Starts a task that executes `program` (user_program.h). Returns it.
    kernel::sched::Task& start(Program& program,
                               kernel::sched::HartSet harts = kernel::sched::kAllHarts);
    /// Waits until all have ended.
    void join();

    /// What a helper executes; null if that is no program, or the task is no helper.
    static Program* program_of(kernel::sched::Task& task);
    /// The registers of a helper that executes a program.
    static kernel::machine::UserRegisters& registers_of(kernel::sched::Task& task);
    /// Ends the running helper.
    [[noreturn]] static void end_current();

private:
    kernel::sched::Task& start_in_room(kernel::sched::HartSet harts,
                                       kernel::sched::Priority priority);

    usize count_ = 0;
};

/// A page of RAM that nobody uses; the same one each time. Zeroes nothing.
kernel::PhysAddr spare_page();

}  // namespace contract
