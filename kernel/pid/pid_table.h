// PidTable: the Pid hash as the kernel uses it: numbers are held by PidRefs, never by hand.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "pid/pid_cells.h"
#include "pid/pid_ref.h"

namespace kernel::pid {

/// Process numbers and who holds them. A number is free only when no PidRef mentions it: processes,
/// children's parents, note groups, exit records. Knows no process: it maps a number to a slot of
/// whatever table its user keeps. How it works and why it is right: pid_cells.h.
template <class Policy>
class BasicPidTable : Pinned {
public:
    using Ref = BasicPidRef<Policy>;

    /// Takes over the memory in `options`. Cost: independent of its size.
    explicit BasicPidTable(const PidOptions& options) : cells_(options) {}

    /// A number nobody has, not yet bound to a slot.
    /// Context: interrupts off, on hart `hart`.
    /// Returns: kNoProcs if all are held; kPidTooSoon if one would come back within the reuse
    /// delay: try again at opens_at(). Cost: O(1) amortised; at most a few laps of the cells.
    Result<Ref> allocate(u32 hart, Nanos now) {
        return Ref(&cells_, TRY(cells_.allocate(hart, std::nullopt, 1, now)));
    }
    /// Number 1. Returns: kInUse if it has ever been given. Context: boot, once.
    Result<Ref> allocate_first() {
        return Ref(&cells_, TRY(cells_.allocate_first(std::nullopt, 1)));
    }

    /// From here on lookup() finds `slot`, and what was written to it before. The last step of
    /// making a process; a number is bound once. Any context. Wait-free.
    void bind(const Ref& number, SlotHint slot) {
        ASSERT(number);
        cells_.bind(number.number(), slot.slot);
    }
    /// From here on lookup() does not find it; `number` is dropped in the same step. Any context.
    /// Wait-free.
    void exit(Ref number, SlotHint slot) {
        ASSERT(number);
        cells_.exit(number.take(), slot.slot, 1);
    }

    /// The slot of the live process `number`. Any context. Wait-free: two loads, no store.
    std::optional<SlotHint> lookup(u32 number) const { return cells_.lookup(number); }
    /// A reference to `number` if somebody holds one; else nobody. Any context. Lock-free.
    Ref acquire(u32 number) { return cells_.acquire(number) ? Ref(&cells_, number) : Ref(); }
    /// How many references there are to `number`. Any context. Wait-free.
    u32 references(u32 number) const { return cells_.references(number); }

    /// Iteration over live processes, see BasicPidCells::next_live(). Start with 0.
    std::optional<LivePid> next_live(u32 from) const { return cells_.next_live(from); }

    /// Whether numbers are given at random, see BasicPidCells::set_random().
    void set_random(u32 wanted) { cells_.set_random(wanted); }
    u32 random() const { return cells_.random(); }
    void set_reuse_delay(Nanos delay) { cells_.set_reuse_delay(delay); }
    Nanos reuse_delay() const { return cells_.reuse_delay(); }
    /// When an allocation that was told kPidTooSoon may be tried again.
    Nanos opens_at() const { return cells_.opens_at(); }
    PidCounters counters() const { return cells_.counters(); }

private:
    BasicPidCells<Policy> cells_;
};

using PidTable = BasicPidTable<KernelAtomics>;
static_assert(std::is_trivially_destructible_v<PidTable>);

}  // namespace kernel::pid
