// ProcTable: where processes are found: by number, by reference, one after the other.
#pragma once

#include "base/late.h"
#include "base/result.h"
#include "base/std.h"
#include "pid/pid_table.h"
#include "proc/hold.h"
#include "proc/proc.h"
#include "proc/proc_ref.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// What a lookup answers: a slot in which the process may have been. Good for hold() only.
using pid::SlotHint;

struct TableOptions {
    u32 max_processes = 0;  // boot argument *nproc; 0: as many as memory suggests
    Nanos reuse_delay = nanos_from_seconds(10);  // how long a number rests
    u32 random_numbers = 0;                      // boot argument *randompid, see PidCells
    u64 seed = 0;                                // of random numbers
    u32 number_bits = pid::kNumberBits;          // fewer in tests, where numbers come again soon
};

/// How many processes there are and were.
struct TableCounts {
    u64 live = 0;     // slots in use: from a process's making to when nothing of it is left
    u64 peak = 0;     // the most at once
    u64 created = 0;  // since boot
    u64 slots = 0;    // slots that exist, in use or not
    u64 limit = 0;    // slots that may be in use at once
};

/// Slots come one by one from a type-stable store, which grows while memory lasts; a slot keeps its
/// index and its memory for ever.
class ProcTable : Pinned {
public:
    /// Where an iteration is; start with a default one.
    struct Cursor {
        u32 cell = 0;
    };

    /// The slot of the live process with number `pid`. Any context. Cost: O(1), no lock.
    std::optional<SlotHint> lookup(u32 pid);

    /// Holds the process in that slot if it still has number `pid`. Any context. Cost: one lock.
    ProcHold hold(SlotHint hint, u32 pid);
    /// Holds the process that `ref` names, if it is still there.
    ProcHold hold(ProcRef ref);
    /// The process with number `pid` now: lookup and hold in one.
    ProcHold hold(u32 pid);

    /// The next visible process in the order of Pid cells, which is the order of numbers until
    /// numbers recycle. Who is there throughout an iteration is met exactly once; who comes or goes
    /// meanwhile, at most once. Ends: there are finitely many cells, each is passed once.
    /// Any context. Cost: O(1) amortised over dense numbers.
    std::optional<ProcRef> next(Cursor& cursor);
    /// As next(), and calls `look` with the process while it is held. Returns whether there was one.
    template <class Look>
    bool look_at_next(Cursor& cursor, Look&& look) {
        while (const std::optional<pid::LivePid> live = pids_.next_live(cursor.cell)) {
            cursor.cell = live->next;
            const ProcHold held = hold(SlotHint{live->slot}, live->number);
            if (!held) continue;
            look(*held);
            return true;
        }
        return false;
    }

    /// The process `id` that ended, while its record is unread. Any context.
    std::optional<ProcRef> ended(ProcId id);
    /// Whether that is what `ref` names. Any context.
    bool has_record(ProcRef ref);

    TableCounts counts() const;
    /// The numbers.
    pid::PidTable& pids() { return pids_; }

    /// The slot that `ref` is about, for its locks: whose it is now must be found out under them.
    /// Null if there never was such a slot. Any context.
    Proc* slot(u32 index) const;

private:
    friend class Late<ProcTable>;
    friend class Slots;

    ProcTable(const pid::PidOptions& numbers, std::span<Proc*> directory, u64 limit)
        : pids_(numbers), directory_(directory), counts_{.limit = limit} {}

    pid::PidTable pids_;          // its own atomics
    std::span<Proc*> directory_;  // const below slots_
    Atomic<u32> slots_{0};        // atomic: [proc.slots] slots that exist
    Atomic<u64> last_serial_{0};  // atomic: a counter
    using Lock = sync::SpinLock<sync::LockRank::kProcTable>;
    mutable Lock lock_;
    TableCounts counts_ GUARDED_BY(lock_);
};

/// Makes the table and everything else of this module ready. Context: boot, before any process.
/// Errors: kNoMemory.
Result<void> init(const TableOptions& options);

/// The table.
ProcTable& table();

}  // namespace kernel::proc
