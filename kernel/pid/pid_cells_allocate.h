// BasicPidCells, the allocator: low numbers, windows, laps, the gate, filling on demand.
#pragma once

#include "base/widen.h"
#include "pid/pid_cells.h"

namespace kernel::pid {

template <class Policy>
BasicPidCells<Policy>::BasicPidCells(const PidOptions& options)
    : cells_(reinterpret_cast<Cell*>(options.cells.data())),
      index_mask_(widen(PidWord::kUsed | (options.size.cells() - 1))),
      busy_(reinterpret_cast<BusyWord*>(options.busy.data())),
      hints_(busy_ + options.size.cells() / kWordBits),
      mask_(options.size.cells() - 1),
      number_mask_(static_cast<u32>((u64{1} << options.number_bits) - 1)),
      window_words_(std::min(kWindowWords, options.size.cells() / kWordBits)),
      window_shift_(static_cast<u32>(std::countr_zero(window_words_ * kWordBits))),
      low_end_(std::min(kLowNumbers, options.size.cells())),
      lap_step_((u64{1} << (options.number_bits - options.size.cell_bits)) / kStamps),
      reuse_delay_ns_(options.reuse_delay.value) {
    static_assert(sizeof(Cell) == sizeof(u64) || !std::same_as<Policy, KernelAtomics>);
    ASSERT(options.size.cell_bits >= kMinCellBits && options.size.cell_bits <= kMaxCellBits);
    ASSERT(options.bits_suffice());
    ASSERT(options.cells.size() >= usize{cell_count()} * sizeof(Cell));
    ASSERT(options.busy.size() >=
           usize{cell_count() / kWordBits + hint_words()} * sizeof(BusyWord));
    ASSERT(is_aligned(reinterpret_cast<std::uintptr_t>(cells_), alignof(Cell)));
    ASSERT(is_aligned(reinterpret_cast<std::uintptr_t>(busy_), alignof(BusyWord)));
    ASSERT(options.harts >= 1 && options.harts <= kMaxHarts);
    for (u32 word = 0; word < hint_words(); ++word) ::new (&hints_[word]) BusyWord(0);
    for (u32 hart = 0; hart < kMaxHarts; ++hart) {
        windows_[hart].random = options.seed + (u64{hart} << 56);
    }
    fill_to(window_cells());
}

template <class Policy>
inline u32 BasicPidCells<Policy>::next_number(PidWord old, u32 index, Claim kind) const {
    const u32 step = cell_count();
    const bool fresh = old.never_used();
    u32 number = fresh ? index : (old.number(index) + step) & number_mask_;
    // A low number is given once, and only as such.
    if (number < low_end_ && !(fresh && kind == Claim::kLow)) number += step;
    return number;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::claim(u32 index, Claim kind, u32 slot, u32 references) {
    const u64 bit = u64{1} << (index % kWordBits);
    // [pid.bit] acquire: the drop that freed the cell came before; pairs with release in
    // clear_busy().
    const u64 before = busy_[index / kWordBits].fetch_or(bit, std::memory_order_acquire);
    if ((before & bit) != 0) return 0;
    // relaxed: only the claimer changes a cell without references (I2).
    const PidWord old(cells_[index].load(std::memory_order_relaxed), mask_);
    ASSERT(old.references() == 0);  // I1
    const u32 number = next_number(old, index, kind);
    // [pid.publish] release: with a slot, the process is complete before it can be found; pairs
    // with acquire in look() and acquire().
    cells_[index].store(PidWord::of(number, slot, references, mask_).bits(),
                        std::memory_order_release);
    return number;
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::allocate_first(std::optional<u32> slot, u32 references) {
    ASSERT(references != 0 && slot.value_or(0) < mask_);
    // relaxed: a look ahead, so that a used cell does not step its generation; called once.
    const PidWord now(cells_[1].load(std::memory_order_relaxed), mask_);
    if (!now.never_used()) return Error::kInUse;
    const u32 number = claim(1, Claim::kLow, slot.value_or(mask_), references);
    if (number == 0) return Error::kInUse;
    return number;
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::allocate(u32 hart, std::optional<u32> slot, u32 references,
                                            Nanos now) {
    ASSERT(hart < kMaxHarts && references != 0 && slot.value_or(0) < mask_);
    Window& window = windows_[hart];
    const u32 wanted_slot = slot.value_or(mask_);
    u32 number = allocate_low(wanted_slot, references);
    if (number == 0) number = claim_from(window, wanted_slot, references);
    if (number == 0) [[unlikely]] {
        number = TRY(allocate_ordinary(window, wanted_slot, references, now));
    }
    // relaxed (both): statistics, written by this hart only.
    window.allocated.store(window.allocated.load(std::memory_order_relaxed) + 1,
                           std::memory_order_relaxed);
    return number;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::allocate_low(u32 slot, u32 references) {
    // relaxed (both): a counter that hands out indices; the claim orders.
    if (next_low_.load(std::memory_order_relaxed) >= low_end_) return 0;
    const u32 index = next_low_.fetch_add(1, std::memory_order_relaxed);
    if (index >= low_end_) return 0;
    // The claim fails if this hart stood still here for a whole lap; then an ordinary number does.
    return claim(index, Claim::kLow, slot, references);
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::allocate_ordinary(Window& window, u32 slot, u32 references,
                                                     Nanos now) {
    // While the table is known to be full, failing must not drive the cursor round: laps without
    // uses would close the gate for everybody.
    // relaxed: a hint.
    if (full_.load(std::memory_order_relaxed) != 0 && !any_free()) {
        refused_.fetch_add(1, std::memory_order_relaxed);  // relaxed: statistics
        return Error::kNoProcs;
    }
    for (u32 sweep = 0; sweep < kSweeps; ++sweep) {
        // A hint can be stale, so the last sweep looks into every window; and so does who was told
        // to come back, for the gate may let through no more than a lap at a time.
        const bool by_hints = sweep + 1 < kSweeps && !window.turned_away;
        for (u32 passed = 0;;) {
            if (const u32 number = claim_from(window, slot, references); number != 0) {
                window.turned_away = false;
                return number;
            }
            if (passed >= windows()) break;
            const Result<u32> more = take_window(window, by_hints, now);
            if (!more.ok()) {
                window.turned_away = true;
                return more.error();
            }
            passed += more.value();
        }
        window.turned_away = false;
        if (!any_free()) break;
    }
    full_.store(1, std::memory_order_relaxed);         // relaxed: a hint
    refused_.fetch_add(1, std::memory_order_relaxed);  // relaxed: statistics
    return Error::kNoProcs;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::claim_from(Window& window, u32 slot, u32 references) {
    for (;;) {  // bounded by the bits of a window
        while (window.todo != 0) {
            const u32 bit = choose(window);
            window.todo &= ~(u64{1} << bit);
            const u32 index = window.word * kWordBits + bit;
            const u32 number = claim(index, Claim::kOrdinary, slot, references);
            if (number != 0) return number;
        }
        if (window.words_left == 0) return 0;
        --window.words_left;
        ++window.word;
        load_todo(window);
    }
}

template <class Policy>
inline u32 BasicPidCells<Policy>::choose(Window& window) const {
    // relaxed: a setting.
    if (random_.load(std::memory_order_relaxed) == 0) [[likely]] {
        return static_cast<u32>(std::countr_zero(window.todo));
    }
    // SplitMix64 (Steele, Lea, Flood 2014): enough that who does not know the seed cannot say which
    // number comes next; no secret worth more than that should hang on it.
    u64 mixed = window.random += 0x9e37'79b9'7f4a'7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58'476d'1ce4'e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d0'49bb'1331'11eb;
    const u32 turn = static_cast<u32>(mixed >> 58);
    return (static_cast<u32>(std::countr_zero(std::rotr(window.todo, static_cast<int>(turn)))) +
            turn) %
           kWordBits;
}

template <class Policy>
void BasicPidCells<Policy>::load_todo(Window& window) {
    // relaxed: a snapshot; the claim decides.
    const u64 busy = busy_[window.word].load(std::memory_order_relaxed);
    window.todo = ~busy & candidates(window.word, window.first_lap);
}

template <class Policy>
u64 BasicPidCells<Policy>::candidates(u32 word, bool first_lap) const {
    // Cell 0 is nobody's; in the first lap the low cells are left to allocate_low().
    const u32 reserved = first_lap ? low_end_ : 1;
    const u32 begin = word * kWordBits;
    if (reserved <= begin) return ~u64{0};
    if (reserved - begin >= kWordBits) return 0;
    return ~u64{0} << (reserved - begin);
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::take_window(Window& window, bool by_hints, Nanos now) {
    hint_if_full(window);
    // [pid.lap] acquire: the stamps of laps before are visible; pairs with release below.
    u64 at = cursor_.load(std::memory_order_acquire);
    u64 taken = 0;
    do {
        if (at % windows() == 0) TRY(enter_lap(at / windows(), now));
        taken = by_hints ? first_unhinted(at) : at;
        // [pid.lap] acq_rel: the stamp is written before the lap is entered; pairs with itself and
        // with the acquire above.
    } while (!cursor_.compare_exchange(at, std::min(taken + 1, end_of_lap(at)),
                                       std::memory_order_acq_rel));
    const u32 passed = static_cast<u32>(std::min(taken + 1, end_of_lap(at)) - at);
    if (taken == end_of_lap(at)) return passed;  // no window in the rest of this lap
    const u32 index = static_cast<u32>(taken % windows());
    if (!by_hints) clear_hint(index);  // set again if it is right
    window.first_lap = taken < windows();
    // In later laps too: who took it in the first may not have come to initialising it yet (I6).
    fill_to((index + 1) * window_cells());
    window.word = index * window_words_;
    window.words_left = window_words_ - 1;
    load_todo(window);
    return passed;
}

template <class Policy>
u64 BasicPidCells<Policy>::first_unhinted(u64 at) const {
    const u64 end = end_of_lap(at);
    while (at < end) {
        const u32 index = static_cast<u32>(at % windows());
        // relaxed: a hint.
        const u64 word = hints_[index / kWordBits].load(std::memory_order_relaxed);
        const u32 bit = index % kWordBits;
        const u32 full = static_cast<u32>(std::countr_one(word >> bit));
        if (full == 0) return at;
        at += std::min(full, kWordBits - bit);
    }
    return end;
}

template <class Policy>
void BasicPidCells<Policy>::hint_if_full(const Window& window) {
    const u32 index = window.word / window_words_;
    for (u32 word = index * window_words_; word < (index + 1) * window_words_; ++word) {
        // relaxed: for a hint.
        const u64 busy = busy_[word].load(std::memory_order_relaxed);
        if ((~busy & candidates(word, false)) != 0) return;
    }
    // relaxed: a hint; if somebody freed a cell between the look and this, it is stale until the
    // next one is freed, or the last sweep of an allocation comes by.
    hints_[index / kWordBits].fetch_or(u64{1} << (index % kWordBits), std::memory_order_relaxed);
}

template <class Policy>
Result<void> BasicPidCells<Policy>::enter_lap(u64 lap, Nanos now) {
    if (lap % lap_step_ != 0) return {};
    const u64 step = lap / lap_step_;
    if (step >= kStampsBack) {
        // relaxed (all but the stamp's order, which the cursor gives): a setting and statistics.
        const u64 then = stamps_[(step - kStampsBack) % kStamps].load(std::memory_order_relaxed);
        const u64 opens = then + reuse_delay_ns_.load(std::memory_order_relaxed);
        if (now.value < opens) {
            opens_at_ns_.store(opens, std::memory_order_relaxed);
            gate_closed_.fetch_add(1, std::memory_order_relaxed);
            return Error::kPidTooSoon;
        }
    }
    // The latest of those who try to enter: a hart that stood still cannot set a stamp back.
    // relaxed (both): published by the cursor [pid.lap].
    Atomic<u64>& stamp = stamps_[step % kStamps];
    u64 seen = stamp.load(std::memory_order_relaxed);
    while (seen < now.value &&
           !stamp.compare_exchange(seen, now.value, std::memory_order_relaxed)) {
    }
    return {};
}

template <class Policy>
void BasicPidCells<Policy>::fill_to(u32 end) {
    // [pid.fill] acquire: pairs with release below.
    while (filled_.load(std::memory_order_acquire) < end) {
        // [pid.filling] acquire: one hart at a time; pairs with release below.
        if (filling_.exchange(1, std::memory_order_acquire) != 0) continue;
        // relaxed: only changed by who has `filling_`.
        const u32 begin = filled_.load(std::memory_order_relaxed);
        for (u32 index = begin; index < end; ++index) ::new (&cells_[index]) Cell(0);
        for (u32 word = begin / kWordBits; word < end / kWordBits; ++word) {
            ::new (&busy_[word]) BusyWord(0);
        }
        // [pid.fill] release: the cells are initialised before they are looked at (I6); pairs with
        // acquire in look(), next_live(), any_free() and above.
        if (begin < end) filled_.store(end, std::memory_order_release);
        filling_.store(0, std::memory_order_release);  // [pid.filling] release: pairs with acquire
    }
}

template <class Policy>
bool BasicPidCells<Policy>::any_free() const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = filled_.load(std::memory_order_acquire);
    if (end < cell_count()) return true;
    for (u32 word = 0; word < end / kWordBits; ++word) {
        // relaxed: a snapshot.
        const u64 busy = busy_[word].load(std::memory_order_relaxed);
        if ((~busy & candidates(word, false)) != 0) return true;
    }
    return false;
}

template <class Policy>
u32 BasicPidCells<Policy>::count_busy() const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = filled_.load(std::memory_order_acquire);
    u32 count = 0;
    for (u32 word = 0; word < end / kWordBits; ++word) {
        // relaxed: statistics.
        count += static_cast<u32>(std::popcount(busy_[word].load(std::memory_order_relaxed)));
    }
    return count;
}

template <class Policy>
void BasicPidCells<Policy>::note_peak(u32 live) const {
    // relaxed (both): statistics.
    u32 peak = peak_.load(std::memory_order_relaxed);
    while (peak < live && !peak_.compare_exchange(peak, live, std::memory_order_relaxed)) {
    }
}

template <class Policy>
void BasicPidCells<Policy>::set_random(u32 wanted) {
    const u32 most = number_mask_ - kLowNumbers;
    const u32 clamped = wanted < 2 ? 0 : std::clamp(wanted, kLowNumbers, most);
    random_.store(clamped, std::memory_order_relaxed);  // relaxed: a setting
}

template <class Policy>
u32 BasicPidCells<Policy>::random() const {
    return random_.load(std::memory_order_relaxed);  // relaxed: a setting
}

template <class Policy>
void BasicPidCells<Policy>::set_reuse_delay(Nanos delay) {
    reuse_delay_ns_.store(delay.value, std::memory_order_relaxed);  // relaxed: a setting
}

template <class Policy>
Nanos BasicPidCells<Policy>::reuse_delay() const {
    return {reuse_delay_ns_.load(std::memory_order_relaxed)};  // relaxed: a setting
}

template <class Policy>
Nanos BasicPidCells<Policy>::opens_at() const {
    return {opens_at_ns_.load(std::memory_order_relaxed)};  // relaxed: advice
}

template <class Policy>
PidCounters BasicPidCells<Policy>::counters() const {
    PidCounters counters;
    counters.live = count_busy();
    note_peak(counters.live);
    // relaxed (all): statistics.
    counters.peak = peak_.load(std::memory_order_relaxed);
    counters.capacity = cell_count() - 1;
    for (const Window& window : windows_) {
        counters.allocated += window.allocated.load(std::memory_order_relaxed);
    }
    const u64 laps = cursor_.load(std::memory_order_relaxed);
    counters.wraps = laps == 0 ? 0 : (laps - 1) / windows();
    counters.gate = gate_closed_.load(std::memory_order_relaxed);
    counters.refused = refused_.load(std::memory_order_relaxed);
    return counters;
}

}  // namespace kernel::pid
