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
/// retire. There is nothing beside the cells, either: that a number is free is written in its cell.
///
/// States of a cell, with (references, slot), and who moves it, by which instruction:
/// ```
///              claim: compare-and-swap(cell)             bind: sub(cell)
///   free ───────────────────────────────────► reserved ───────────────────► live
///  (0,none) ◄───────────────────────────────  (>0,none) ◄───────────────── (>0,slot)
///     ▲            last drop: sub(cell)                     exit: add(cell)   │
///     └───────────────────────────────────────────────────────────────────────┘
///                        exit with the last reference: add(cell)
/// ```
/// claim: any allocator; it may bind in the same step. bind, exit: the owner of the number. dup:
/// any holder of a reference, add(cell). acquire: anybody, compare-and-swap(cell) from > 0. Drops:
/// whoever holds what it drops.
///
/// Invariants:
/// * I1: Only a claim raises references from 0, and steps the generation in the same instruction.
/// * I2: The references of a cell are those handed out for its number and not yet given back.
/// * I3: A slot only stands in a cell with references; no references => slot none.
/// * I4: The generation of a cell is stepped at most once per lap of the cursor and holder of a
///   window on it.
/// * I5: Cells below `filled_`, and only those, have been initialised.
///
/// Linearization points: lookup, references: the load of the cell. acquire: the successful
/// compare-and-swap, else the last load. dup, release, exit, bind: their add. allocate: the
/// compare-and-swap (success). kNoProcs has none: each cell was seen held, one after the other.
///
/// Ordering (each pair is tagged where it stands):
///   [pid.publish] claim and bind release, lookup and acquire acquire: what the owner wrote before
///                 is seen by who finds the number.
///   [pid.drop]    drops release, claim acquires: what holders did with the number happens before
///                 its cell is used again. (Drops are read-modify-writes, so the claim that follows
///                 the last acquires what each released.)
///   [pid.fill]    filling a window releases, looking a cell up acquires: I5. In lookup the address
///                 of the cell is made to depend on the load, so that no fence is needed; likewise
///                 the address of what the slot leads to depends on the load of the cell.
///   [pid.lap]     the stamp of a lap is written before the cursor enters it.
///
/// Progress: lookup, references, dup, release, exit, bind are wait-free; acquire is lock-free (its
/// compare-and-swap fails only when somebody else's change to the cell succeeded); allocate is
/// lock-free and bounded: at most kSweeps sweeps, then kNoProcs; but in the first lap a hart waits
/// while another one initialises a window (4 to 16 KiB).
/// Context: any, interrupt handlers included, also inside an interrupted operation on the same
/// cell; but allocate runs with interrupts off, because a hart's window is its own.
///
/// Reclamation: none. Cells are cells for ever, so a reader needs no protection.
///
/// Reuse: a number returns after G = 2^(number_bits - K) steps of its own cell's generation. (A low
/// number is never given again: when its turn comes round, the cell sits out that use.) By I4 that
/// takes at least G - H laps on H harts, since a hart may sit on a window of an earlier lap. The
/// gate makes this a time: laps are stamped in steps of G/8, and a step may begin only when the
/// stamp five steps back is at least the reuse delay old. Proof that it suffices: a number dropped
/// in lap d returns in a lap r >= d + G - H; the stamp that was looked at last belongs to a lap
/// s > r - 6/8 G, hence s > d + G/4 - H >= d if H <= G/8; so the drop came before the stamp, and
/// the stamp is delay old. PidOptions are refused where H > G/8, unless they ask for no delay. A
/// stamp is the clock as the allocator's caller read it: if it stood still before it entered the
/// lap, that is missing.
///
/// Windows: each hart gives numbers of a run of neighbouring cells, so that harts that allocate and
/// free at once write different lines; how long a run is, PidOptions::window_bits() says.
///
/// Hints: a bit for each window says that it was found full when a hart left it, and is cleared
/// when a number of it is freed; allocate() passes over such windows, so that three million numbers
/// held in a row are crossed by looking at a hundred words. Setting and clearing race, and a stale
/// hint hides free cells; therefore the last two sweeps look into every window.
///
/// Low numbers: those below kLowNumbers are given out once, one after the other whichever hart
/// asks, so that a boot numbers its processes in the order of their making. 1 is only given by
/// allocate_first(). Number 0 is nobody: cell 0 is never used.
///
/// Limits: references of one number below 2^31 (checked); a stalled holder cannot make a number
/// come twice, for it holds a reference, and a stalled reader cannot be fooled, for it compares all
/// bits of the number. A reader that keeps a bare number for longer than the reuse delay and G laps
/// can meet its successor: that is what serials are for.
///
/// References: the table this replaces is Plan 9's `procindex` over buckets of 16 (9front,
/// port/proc.c); the reuse delay is DragonFly's promise of ten seconds (kern_proc.c).
/// Rejected: a busy bit for each cell, which the allocator and iterations scan 64 at a time (a
/// third atomic instruction in the life of every number, an invariant and an ordering between two
/// words); stamping each freed number with the time (a word per number, written by every exit); a
/// directory of blocks (a second hot load in every lookup); clearing everything at boot (megabytes
/// before the first process).
template <class Policy>
class BasicPidCells : Pinned {
    template <class T>
    using Atomic = typename Policy::template Atomic<T>;

public:
    using Cell = Atomic<u64>;
    using HintWord = Atomic<u64>;

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
    /// goes meanwhile, at most once. Cost: one load per cell passed.
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
    /// delay: not before opens_at(). Cost: a few loads and one compare-and-swap; in a full table a
    /// load per cell.
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
    /// Context: any. Cost: one load per cell.
    PidCounters counters() const;

private:
    /// Cells a hart looks at together: as many as a word has bits.
    static constexpr u32 kBlockCells = 64;
    /// Cells that a search for held ones tests at once: a cache line.
    static constexpr u32 kGlance = 8;
    static constexpr u32 kStamps = 8;
    static constexpr u32 kStampsBack = 5;

    /// Where a hart takes numbers from. The hart's, with interrupts off.
    struct alignas(64) Window {
        u64 todo = 0;   // cells of the block to try
        u32 block = 0;  // index of its first cell
        u32 end = 0;    // index after the window's last cell; 0: it has none
        bool first_lap = false;
        bool turned_away = false;  // the gate was closed: the next allocation believes no hints
        u64 random = 0;            // state of choose()
        Atomic<u64> allocated{0};  // atomic: statistics of others
    };

    u32 cell_count() const { return mask_ + 1; }
    u32 windows() const { return cell_count() >> window_shift_; }
    u32 window_cells() const { return u32{1} << window_shift_; }
    u32 hint_words() const { return (windows() + 63) / 64; }
    u64 end_of_lap(u64 at) const { return (at / windows() + 1) * windows(); }

    /// The cell of `number` as it is now; word 0 if it has not been initialised.
    PidWord look(u32 number) const;
    Cell& cell_of(u32 number) { return cells_[number & mask_]; }
    /// A snapshot, for who will not act on it without looking again.
    PidWord peek(u32 index) const;
    /// Whether a glance of `cells` are all free.
    static bool none_held(const Cell* cells);
    /// The first cell from `index` on that is held, else `end` or more.
    u32 first_held(u32 index, u32 end) const;

    enum class Claim : u8 { kLow, kOrdinary };
    /// Gives the cell's next number out; 0 if the cell is held or sits out.
    u32 claim(u32 index, Claim kind, u32 slot, u32 references);
    u32 claim_from(Window& window, u32 slot, u32 references);
    /// A bit of `todo`: the lowest, or any.
    u32 choose(Window& window) const;
    /// What follows when the last reference to a number of the cell went.
    void freed(u32 index);
    void clear_hint(u32 window);

    Result<u32> allocate_slowly(Window& window, u32 slot, u32 references, Nanos now);
    u32 allocate_low(u32 slot, u32 references);
    Result<u32> allocate_ordinary(Window& window, u32 slot, u32 references, Nanos now);
    bool next_block(Window& window);
    /// Moves the cursor past the next window that is not hinted full, and takes it; or to the end
    /// of the lap, if there is none up to there. Returns how many windows the cursor passed.
    Result<u32> take_window(Window& window, bool by_hints, Nanos now);
    u64 first_unhinted(u64 at) const;
    /// The window is nobody's then, and hinted if it is full.
    void leave(Window& window);
    Result<void> enter_lap(u64 lap, Nanos now);
    void load_todo(Window& window);
    bool any_free() const;
    bool any_free(u32 begin, u32 end) const;
    void fill_to(u32 end);
    u32 count_held() const;
    void note_peak(u32 live) const;

    // Read by every operation, on one line.
    Cell* const cells_;       // const after create; the cells: atomic, see above
    const u64 index_mask_;    // const after create: widen(2^31 + 2^K - 1)
    Atomic<u64> filled_{0};   // atomic: [pid.fill] cells below are initialised
    HintWord* const hints_;   // const after create; the words: atomic: a hint, bit per full window
    const u32 mask_;          // const after create: 2^K - 1
    const u32 number_mask_;   // const after create: 2^number_bits - 1
    const u32 window_shift_;  // const after create: PidOptions::window_bits()
    const u32 low_end_;       // const after create: ordinary numbers begin here
    Atomic<u32> random_{0};   // atomic: a setting
    Atomic<u32> full_{0};     // atomic: a hint that no number was free
    const u64 lap_step_;      // const after create: laps per stamp, G/8

    // Written now and then.
    alignas(64) Atomic<u64> cursor_{0};  // atomic: [pid.lap] windows taken since the beginning
    Atomic<u32> filling_{0};             // atomic: [pid.filling] 1 while a hart initialises cells
    Atomic<u32> next_low_{2};            // atomic: a counter
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
