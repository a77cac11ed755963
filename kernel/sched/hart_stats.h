// HartStats: the counters per hart behind #c/sysstat.
#pragma once

#include "base/atomic.h"
#include "base/std.h"
#include "base/units.h"
#include "machine/hart.h"

namespace kernel::sched {

/// What one hart has counted since boot. Any context.
struct HartStats {
    StatCounter switches;     // from one task to another, idle included
    StatCounter interrupts;   // timer, inter-hart, device
    StatCounter syscalls;     // of programs, counted when they leave the hart
    StatCounter page_faults;  // of programs
    StatCounter tlb_faults;   // counted where software fills translations; else 0
    StatCounter tlb_purges;   // counted by mm
};

/// The counters of `hart`.
HartStats& hart_stats(machine::HartIndex hart);
/// Those of this hart, or of the one the caller just left: for counting. Any context.
HartStats& my_stats();

/// The percentages of a row are over the time since somebody asked at least this long ago; the
/// first time, since boot.
inline constexpr Nanos kSysstatSpan = nanos_from_seconds(1);

/// A row of #c/sysstat: ten numbers.
struct SysstatRow {
    u64 hart;  // its hardware id
    u64 switches;
    u64 interrupts;
    u64 syscalls;
    u64 page_faults;
    u64 tlb_faults;
    u64 tlb_purges;
    u64 load;               // tasks ready or running, times 1000, averaged over about a second
    u64 idle_percent;       // of the time since an earlier look, see kSysstatSpan
    u64 interrupt_percent;  // of the same time
};
/// Computes the row of `hart`. Context: any. Locks: task.
SysstatRow sysstat_row(machine::HartIndex hart);

}  // namespace kernel::sched
