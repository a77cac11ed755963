// ProcTable: where processes are found: by number, by reference, one after the other.
#pragma once

#include "base/list.h"
#include "base/result.h"
#include "base/std.h"
#include "proc/hold.h"
#include "proc/proc.h"
#include "proc/proc_ref.h"
#include "sync/spin_lock.h"

namespace kernel::proc {

/// What a lookup answers: a slot in which the process may have been. Good for hold() only.
class SlotHint {
public:
    explicit constexpr SlotHint(u32 slot) : slot_(slot) {}

private:
    friend class ProcTable;
    u32 slot_;
};

struct TableOptions {
    u32 max_processes = 0;  // boot argument *nproc; 0: as many as memory suggests
};

/// How many processes there are and were.
struct TableCounts {
    u64 live;     // visible now, kernel processes and Broken ones included
    u64 peak;     // the most at once
    u64 created;  // since boot
    u64 slots;    // slots that exist, in use or not
    u64 limit;    // slots that may exist
};

/// The table grows by chunks of slots while memory lasts, up to its limit, and never shrinks.
class ProcTable : Pinned {
public:
    /// Where an iteration is; start with a default one.
    struct Cursor {
        u64 cell = 0;
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

    /// The process `id` that ended, while its record is unread. Any context.
    std::optional<ProcRef> ended(ProcId id);

    TableCounts counts() const;

private:
    friend class Lifecycle;
};

/// Makes the table and everything else of this module ready. Context: boot, before any process.
/// Errors: kNoMemory.
Result<void> init(const TableOptions& options);

/// The table.
ProcTable& table();

}  // namespace kernel::proc
