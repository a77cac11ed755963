// Reading the counters of harts.
#include "sched/hart_stats.h"

#include "base/late.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "sched/core.h"
#include "sync/spin_lock.h"

namespace kernel::sched {
namespace {

using detail::Core;
using detail::HartState;

/// Totals of a hart at a time.
struct Sample {
    Nanos at{};
    u64 idle_ns = 0;
    u64 interrupt_ns = 0;
};

/// The last two samples of a hart: percentages are over the time since the older one.
struct Samples {
    Sample older;
    Sample newer;
};

// Beside what it guards: the many zeroes of that need no place in the image.
constinit sync::SpinLock<sync::LockRank::kTask> samples_lock;
constinit std::array<Samples, machine::kMaxHarts> all_samples GUARDED_BY(samples_lock);

Sample sample(const HartState& hart, Nanos now) {
    // relaxed (all): statistics.
    u64 idle_ns = hart.idle_ns.load(std::memory_order_relaxed);
    const u64 since = hart.idle_since.load(std::memory_order_relaxed);
    if (since != 0 && since < now.value) idle_ns += now.value - since;
    return {now, idle_ns, hart.interrupt_ns.load(std::memory_order_relaxed)};
}

u64 percent(u64 part, u64 whole) { return whole == 0 ? 0 : std::min<u64>(part * 100 / whole, 100); }

}  // namespace

HartStats& hart_stats(machine::HartIndex hart) { return Core::of(hart).stats; }
HartStats& my_stats() { return Core::mine().stats; }

SysstatRow sysstat_row(machine::HartIndex hart) {
    const HartState& state = Core::of(hart);
    const HartStats& stats = state.stats;
    const Sample now = sample(state, machine::now());
    const Sample then = [hart, &now] {
        const sync::IrqSaveGuard guard(samples_lock);
        Samples& mine = all_samples[hart];
        // A later boot in the same address space starts time again.
        if (now.at < mine.newer.at) mine = {};
        if (now.at - mine.newer.at >= kSysstatSpan) {
            mine.older = mine.newer;
            mine.newer = now;
        }
        return mine.older;
    }();
    const u64 span = (now.at - then.at).value;
    // relaxed: statistics. An idle hart does not compute its load, which is 0.
    const bool idle = state.idle_since.load(std::memory_order_relaxed) != 0;
    return {.hart = machine::hardware_hart_id(hart),
            .switches = stats.switches.read(),
            .interrupts = stats.interrupts.read(),
            .syscalls = stats.syscalls.read(),
            .page_faults = stats.page_faults.read(),
            .tlb_faults = stats.tlb_faults.read(),
            .tlb_purges = stats.tlb_purges.read(),
            .load = idle ? 0 : u64{state.load_published.load(std::memory_order_relaxed)},
            .idle_percent = percent(now.idle_ns - std::min(now.idle_ns, then.idle_ns), span),
            .interrupt_percent =
                percent(now.interrupt_ns - std::min(now.interrupt_ns, then.interrupt_ns), span)};
}

}  // namespace kernel::sched
