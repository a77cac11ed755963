// traps: how often a process entered the kernel, by cause.
#include "chan/rendered_text.h"
#include "devproc/files.h"
#include "proc/proc_table.h"

namespace kernel::devproc {
namespace {

using machine::upcalls::UserTrap;
using sched::InterruptKind;

struct TrapName {
    std::string_view name;
    UserTrap trap;
};
constexpr TrapName kTraps[] = {
    {"pf.load", UserTrap::kLoad},          {"pf.store", UserTrap::kStore},
    {"pf.exec", UserTrap::kExecute},       {"illegal", UserTrap::kIllegalInstruction},
    {"breakpoint", UserTrap::kBreakpoint}, {"misaligned", UserTrap::kMisaligned},
    {"access", UserTrap::kAccess},
};
static_assert(std::size(kTraps) == machine::upcalls::kUserTraps);

struct InterruptName {
    std::string_view name;
    InterruptKind kind;
};
constexpr InterruptName kInterrupts[] = {{"timer", InterruptKind::kTimer},
                                         {"ipi", InterruptKind::kIpi},
                                         {"ext", InterruptKind::kDevice}};
static_assert(std::size(kInterrupts) == sched::kInterruptKinds);

struct Counts {
    u64 calls = 0;
    std::array<u64, std::size(kTraps)> traps{};
    std::array<u64, std::size(kInterrupts)> interrupts{};
};

/// Errors: kProcessExited.
Result<Counts> look(proc::ProcRef process) {
    const proc::ProcHold hold = proc::table().hold(process);
    if (!hold) return Error::kProcessExited;
    Counts counts;
    if (hold->my_space() != nullptr) {
        counts.calls = hold->calls();
        for (usize i = 0; i < counts.traps.size(); ++i)
            counts.traps[i] = hold->traps(kTraps[i].trap);
    }
    for (usize i = 0; i < counts.interrupts.size(); ++i) {
        counts.interrupts[i] = hold->task().interrupts(kInterrupts[i].kind);
    }
    return counts;
}

}  // namespace

Result<usize> read_traps(const Request& request, Bytes out) {
    auto render = [&request](Sink& sink) -> Result<void> {
        const Counts counts = TRY(look(request.process));
        format_to(sink, "ecall {}\n", counts.calls);
        for (usize i = 0; i < counts.traps.size(); ++i) {
            format_to(sink, "{} {}\n", kTraps[i].name, counts.traps[i]);
        }
        for (usize i = 0; i < counts.interrupts.size(); ++i) {
            format_to(sink, "{} {}\n", kInterrupts[i].name, counts.interrupts[i]);
        }
        return {};
    };
    return chan::read_rendered(request.chan, out, request.offset, render);
}

}  // namespace kernel::devproc
