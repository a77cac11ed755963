// Control messages about priorities and harts.
#include "base/text.h"
#include "devproc/messages.h"
#include "machine/hart.h"
#include "proc/real_time.h"
#include "proc/proc_table.h"
#include "sched/hart_stats.h"
#include "sched/task.h"

namespace kernel::devproc {
namespace {

enum class Decay : u8 { kOn, kOff };

Result<void> set_priority(const Command& command, Decay decay) {
    const i64 wanted = parse_leading_number(command.arguments[0]);
    const i64 priority = std::clamp<i64>(wanted, 0, sched::kMaxPriority);
    if (priority > sched::kNormalPriority && !command.caller.is_eve()) return Error::kPermission;
    const proc::ProcHold hold = proc::table().hold(command.process);
    if (!hold) return Error::kProcessExited;
    hold->task().set_priority(static_cast<sched::Priority>(priority), decay == Decay::kOff);
    return {};
}

/// The hart that had the least to do lately.
machine::HartIndex least_loaded() {
    machine::HartIndex best = 0;
    u64 least = ~u64{0};
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const u64 load = sched::sysstat_row(hart).load;
        if (load < least) {
            least = load;
            best = hart;
        }
    }
    return best;
}

/// The harts that `wanted` is true of, asked by hardware id.
template <class Wanted>
sched::HartSet harts_by_id(Wanted&& wanted) {
    sched::HartSet harts = 0;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        if (wanted(machine::hardware_hart_id(hart))) harts |= sched::HartSet{1} << hart;
    }
    return harts;
}

/// The set that `wired mask M` names. Errors: kBadArg if it has no hart of the machine.
Result<sched::HartSet> parse_mask(std::string_view text) {
    const u64 mask = TRY(parse_c_number(text));
    const sched::HartSet harts =
        harts_by_id([mask](u64 id) { return id < 64 && (mask >> id & 1) != 0; });
    if (harts == 0) return Error::kBadArg;
    return harts;
}

/// The hart that `wired N` names. One that is not there is another by remainder, as in 9front.
sched::HartSet parse_hart(std::string_view text) {
    const i64 wanted = parse_leading_number(text);
    if (wanted < 0) return sched::HartSet{1} << least_loaded();
    const u64 id = static_cast<u64>(wanted);
    const sched::HartSet named = harts_by_id([id](u64 other) { return other == id; });
    return named != 0 ? named : sched::HartSet{1} << (id % machine::hart_count());
}

}  // namespace

Result<void> message_pri(const Command& command) { return set_priority(command, Decay::kOn); }
Result<void> message_fixedpri(const Command& command) { return set_priority(command, Decay::kOff); }

Result<void> message_wired(const Command& command) {
    sched::HartSet harts = 0;
    if (command.arguments.size() == 2) {
        if (command.arguments[0] != "mask") return Error::kBadArg;
        harts = TRY(parse_mask(command.arguments[1]));
    } else {
        harts = parse_hart(command.arguments[0]);
    }
    return proc::confine(command.process, harts);
}

}  // namespace kernel::devproc
