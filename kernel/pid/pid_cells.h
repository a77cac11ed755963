// BasicPidCells: the lock-free heart of the Pid hash: a number names its own cell, and the cell is
// one word.
#pragma once

#include "base/assert.h"
#include "base/error.h"
#include "base/result.h"
#include "base/std.h"
#include "base/units.h"
#include "pid/atomics.h"
#include "pid/pid_counters.h"
#include "pid/pid_options.h"
#include "pid/pid_word.h"

namespace kernel::pid {

/// Process numbers, without types: every reference is a number the caller must not lose. The kernel
/// uses PidTable and PidRef; this is what they, the checkers and the benchmarks run.
///
/// The allocator chooses the keys, so nothing is hashed: the low K bits of a number are the index
/// of its cell, the rest is the cell's generation, stepped by one each time the cell is used. Two
/// live numbers never share a cell, a lookup is one load, and there is nothing to scan, lock or
/// retire. Beside the cells stands one busy bit for each.
///
/// States of a cell, with (busy bit, references, slot), and who moves it, by which instruction:
/// ```
///             claim: or(busy)          publish: store(cell)          bind: sub(cell)
///   free ───────────────► claimed ──────────────► reserved ───────────────► live
///  (0,0,none)            (1,0,none)              (1,>0,none)  ◄─────────── (1,>0,slot)
///    ▲                                            │    ▲        exit: add(cell)
///    └──────────── dropped (1,0,none) ◄───────────┘    └─ publish may bind at once
///     clear: and(busy)                 last drop: sub(cell), or exit with the last reference
/// ```
/// claim, publish: the allocator that set the bit. bind, exit: the owner of the number. dup: any
/// holder of a reference, add(cell). acquire: anybody, compare-and-swap(cell) from > 0. clear: who
/// dropped the last reference.
///
/// Invariants:
///   I1  busy bit clear => no references. (The bit is set before they rise from 0 and cleared after
///       they fell to 0.)
///   I2  Only the claimer of the bit changes a cell without references; so publish may be a store.
///   I3  The references of a cell are those handed out for its number and not yet given back.
///   I4  A slot only stands in a cell with references; no references => slot none.
///   I5  A cell is claimed at most once per lap of the cursor and holder of a window on it.
///   I6  Cells and busy words below `filled_`, and only those, have been initialised.
///
/// Linearization points: lookup, references: the load of the cell. acquire: the successful
/// compare-and-swap, else the last load. dup, release, exit, bind: their add. allocate: the store
/// of the cell (success), the last busy word seen full (kNoProcs).
///
/// Ordering (each pair is tagged where it stands):
///   [pid.publish] publish and bind release, lookup and acquire acquire: what the owner wrote
///   before
///                 is seen by who finds the number.
///   [pid.drop]    drops are acq_rel: what holders did with the number happens before it is free.
///   [pid.bit]     clear releases, claim acquires: the add that ended the old number comes before
///                 the store of the new one.
///   [pid.fill]    filling a window releases, looking a cell up acquires: I6. In lookup the address
///                 of the cell is made to depend on the load, so that no fence is needed; likewise
///                 the address of what the slot leads to depends on the load of the cell.
///   [pid.lap]     the stamp of a lap is written before the cursor enters it.
///
/// Progress: lookup, references, dup, release, exit, bind are wait-free; acquire is lock-free (its
/// compare-and-swap fails only when somebody else's change to the cell succeeded); allocate is
/// lock-free and bounded: at most kSweeps sweeps, then kNoProcs; but in the first lap a hart waits
/// while another one initialises a window of 4 KiB.
/// Context: any, interrupt handlers included, also inside an interrupted operation on the same
/// cell; but allocate runs with interrupts off, because a hart's window is its own.
///
/// Reclamation: none. Cells are cells for ever, so a reader needs no protection.
///
/// Reuse: a number returns after G = 2^(number_bits - K) uses of its own cell; after G - 1 if the
/// cell is a low one, for ordinary numbers skip the low one. By I5 that takes at least G - 1 - H
/// laps on H harts, since a hart may sit on a window of an earlier lap. The gate makes this a time:
/// laps are stamped in steps of G/8, and a step may begin only when the stamp five steps back is at
/// least the reuse delay old. Proof that it suffices: a number dropped in lap d returns in a lap
/// r >= d + G - 1 - H; the stamp that was looked at last belongs to a lap s > r - 6/8 G, hence
/// s > d + G/4 - 1 - H >= d if H <= G/8; so the drop came before the stamp, and the stamp is delay
/// old. PidOptions are refused where H > G/8, unless they ask for no delay. A stamp is the clock as
/// the allocator's caller read it: if it stood still before it entered the lap, that is missing.
///
/// Hints: a bit for each window says that it was found full when a hart left it, and is cleared
/// when a number of it is freed; allocate() passes over such windows, so that three million numbers
/// held in a row are crossed by looking at a hundred words. Setting and clearing race, and a stale
/// hint hides free cells; therefore the last sweep looks into every window.
///
/// Low numbers: those below kLowNumbers are given out once, one after the other whichever hart
/// asks, so that a boot numbers its processes in the order of their making. 1 is only given by
/// allocate_first(). Number 0 is nobody: cell 0 is never used.
///
/// Limits: references of one number below 2^32 (checked); a stalled holder cannot make a number
/// come twice, for it holds a reference, and a stalled reader cannot be fooled, for it compares all
/// bits of the number. A reader that keeps a bare number for longer than the reuse delay and G laps
/// can meet its successor: that is what serials are for.
///
/// References: the table this replaces is Plan 9's `procindex` over buckets of 16 (9front,
/// port/proc.c); the reuse delay is DragonFly's promise of ten seconds (kern_proc.c).
/// Rejected: stamping each freed number with the time (a word per number, written by every exit); a
/// directory of blocks (a second hot load in every lookup); clearing everything at boot (megabytes
/// before the first process).
template <class Policy>
class BasicPidCells : Pinned {
    template <class T>
    using Atomic = typename Policy::template Atomic<T>;

public:
    using Cell = Atomic<u64>;
    using BusyWord = Atomic<u64>;

    /// After how many sweeps over all windows without finding a free number allocate() gives up.
    static constexpr u32 kSweeps = 4;

    /// Takes over the memory in `options`, and initialises the first window of it.
    explicit BasicPidCells(const PidOptions& options);

    // --- Finding. Any context. ---

    /// The slot of the live process `number`; nothing if there is none. Cost: two loads.
    std::optional<SlotHint> lookup(u32 number) const;
    /// References to `number` now; 0 if nobody mentions it. Cost: two loads.
    u32 references(u32 number) const;
    /// The live process with the lowest cell index of at least `from`. Who lives throughout an
    /// iteration that starts at 0 and goes on with LivePid::next is met exactly once; who comes or
    /// goes meanwhile, at most once. Cost: one load per 64 cells, and per busy one.
    std::optional<LivePid> next_live(u32 from) const;

    // --- References. Any context. ---

    /// Adds a reference to `number`, of which the caller holds one.
    void dup(u32 number);
    /// Adds a reference to `number` if somebody holds one; whether it did.
    [[nodiscard]] bool acquire(u32 number);
    /// Drops `count` references that the caller holds. The last may go only when no slot is bound.
    void release(u32 number, u32 count);

    // --- Life of a number. ---

    /// Reserves a number with `references` references, bound to `slot` if there is one.
    /// Context: interrupts off on hart `hart`.
    /// Returns: kNoProcs if all are in use; kPidTooSoon if numbers would come back within the reuse
    /// delay: not before opens_at().
    Result<u32> allocate(u32 hart, std::optional<u32> slot, u32 references, Nanos now);
    /// Reserves number 1. Returns: kInUse if its cell has been used, which happens in the second
    /// lap.
    Result<u32> allocate_first(std::optional<u32> slot, u32 references);
    /// Makes a lookup of `number` find `slot`: the last step of making a process. The caller holds
    /// a reference, and no slot is bound.
    void bind(u32 number, u32 slot);
    /// Ends that, and drops `count` references, in one step.
    void exit(u32 number, u32 slot, u32 count);

    // --- The gate, and statistics. ---

    /// 0: each hart gives its numbers in order. Else it picks any free one of the next 64, so that
    /// who sees one number cannot say the next; `wanted` is clamped as DragonFly's kern.randompid
    /// (below 2 is 0, up to kLowNumbers is that), only to be read back. Any context.
    void set_random(u32 wanted);
    u32 random() const;
    /// How long a number stays unused at least. Any context.
    void set_reuse_delay(Nanos delay);
    Nanos reuse_delay() const;
    /// When the gate that last said kPidTooSoon opens.
    Nanos opens_at() const;
    /// Context: any. Cost: one load per 64 numbers.
    PidCounters counters() const;

private:
    static constexpr u32 kWordBits = 64;
    /// Busy words in a window: one cache line of them, one page of cells.
    static constexpr u32 kWindowWords = 8;
    static constexpr u32 kStamps = 8;
    static constexpr u32 kStampsBack = 5;

    /// Where a hart takes numbers from. The hart's, with interrupts off.
    struct alignas(64) Window {
        u64 todo = 0;        // bits of `word` to try
        u32 word = 0;        // index of the busy word
        u32 words_left = 0;  // after it
        bool first_lap = false;
        bool turned_away = false;  // the gate was closed: the next allocation believes no hints
        u64 random = 0;            // state of choose()
        Atomic<u64> allocated{0};  // atomic: statistics of others
    };

    u32 cell_count() const { return mask_ + 1; }
    u32 windows() const { return (cell_count() / kWordBits) / window_words_; }
    u32 window_cells() const { return window_words_ * kWordBits; }
    u32 hint_words() const { return (windows() + kWordBits - 1) / kWordBits; }
    u64 end_of_lap(u64 at) const { return (at / windows() + 1) * windows(); }

    /// The cell of `number` as it is now; word 0 if it has not been initialised.
    PidWord look(u32 number) const;
    Cell& cell_of(u32 number) { return cells_[number & mask_]; }

    enum class Claim : u8 { kLow, kOrdinary };
    /// Claims the cell and publishes its next number; 0 if the cell is busy.
    u32 claim(u32 index, Claim kind, u32 slot, u32 references);
    u32 next_number(PidWord old, u32 index, Claim kind) const;
    void clear_busy(u32 index);
    void clear_hint(u32 window);

    u32 allocate_low(u32 slot, u32 references);
    Result<u32> allocate_ordinary(Window& window, u32 slot, u32 references, Nanos now);
    u32 claim_from(Window& window, u32 slot, u32 references);
    /// Moves the cursor past the next window that is not hinted full, and takes it; or to the end
    /// of the lap, if there is none up to there. Returns how many windows the cursor passed.
    Result<u32> take_window(Window& window, bool by_hints, Nanos now);
    u64 first_unhinted(u64 at) const;
    void hint_if_full(const Window& window);
    Result<void> enter_lap(u64 lap, Nanos now);
    void load_todo(Window& window);
    /// A bit of `todo`: the lowest, or any.
    u32 choose(Window& window) const;
    u64 candidates(u32 word, bool first_lap) const;
    bool any_free() const;
    void fill_to(u32 end);
    u32 count_busy() const;
    void note_peak(u32 live) const;

    // Read by every operation, on one line.
    Cell* const cells_;       // const after create; the cells: atomic, see above
    const u64 index_mask_;    // const after create: widen(2^31 + 2^K - 1)
    Atomic<u64> filled_{0};   // atomic: [pid.fill] cells below are initialised
    BusyWord* const busy_;    // const after create; the words: atomic: [pid.bit]
    BusyWord* const hints_;   // const after create; the words: atomic: a hint, bit per full window
    const u32 mask_;          // const after create: 2^K - 1
    const u32 number_mask_;   // const after create: 2^number_bits - 1
    const u32 window_words_;  // const after create
    const u32 window_shift_;  // const after create: 2^window_shift_ cells in a window
    const u32 low_end_;       // const after create: ordinary numbers begin here
    const u64 lap_step_;      // const after create: laps per stamp, G/8
    Atomic<u32> random_{0};   // atomic: a setting

    // Written now and then.
    alignas(64) Atomic<u64> cursor_{0};  // atomic: [pid.lap] windows taken since the beginning
    Atomic<u32> filling_{0};             // atomic: [pid.filling] 1 while a hart initialises cells
    Atomic<u32> next_low_{2};            // atomic: a counter
    Atomic<u32> full_{0};                // atomic: a hint that no number was free
    std::array<Atomic<u64>, kStamps> stamps_{};  // atomic: [pid.lap] when step j began, at j % 8
    Atomic<u64> reuse_delay_ns_;                 // atomic: a setting
    Atomic<u64> opens_at_ns_{0};                 // atomic: for messages and waiting
    Atomic<u64> gate_closed_{0};                 // atomic: statistics
    Atomic<u64> refused_{0};                     // atomic: statistics
    mutable Atomic<u32> peak_{0};                // atomic: statistics

    std::array<Window, kMaxHarts> windows_{};  // hart-local, interrupts off
};

using PidCells = BasicPidCells<KernelAtomics>;

}  // namespace kernel::pid

#include "pid/pid_cells_inline.h"

namespace kernel::pid {

// After the definitions: what is inline among them is so only if it was seen as such before.
extern template class BasicPidCells<KernelAtomics>;

}  // namespace kernel::pid
