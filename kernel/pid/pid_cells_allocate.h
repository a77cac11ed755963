// BasicPidCells, the slow half of the allocator: low numbers, windows, laps, the gate, filling on
// demand.
#pragma once

#include "base/widen.h"
#include "pid/pid_cells.h"

namespace kernel::pid {

template <class Policy>
BasicPidCells<Policy>::BasicPidCells(const PidOptions& options)
    : cells_(reinterpret_cast<Cell*>(options.cells.data())),
      index_mask_(widen(PidWord::kUsed | (options.size.cells() - 1))),
      hints_(reinterpret_cast<HintWord*>(options.hints.data())),
      mask_(options.size.cells() - 1),
      number_mask_(static_cast<u32>((u64{1} << options.number_bits) - 1)),
      window_shift_(options.window_bits()),
      low_end_(std::min(kLowNumbers, options.size.cells())),
      lap_step_((u64{1} << (options.number_bits - options.size.cell_bits)) / kStamps),
      reuse_delay_ns_(options.reuse_delay.value) {
    static_assert(sizeof(Cell) == sizeof(u64) || !std::same_as<Policy, KernelAtomics>);
    ASSERT(options.size.cell_bits >= kMinCellBits && options.size.cell_bits <= kMaxCellBits);
    ASSERT(options.bits_suffice());
    ASSERT(options.cells.size() >= usize{cell_count()} * sizeof(Cell));
    ASSERT(options.hints.size() >= usize{hint_words()} * sizeof(HintWord));
    ASSERT(is_aligned(reinterpret_cast<std::uintptr_t>(cells_), alignof(Cell)));
    ASSERT(is_aligned(reinterpret_cast<std::uintptr_t>(hints_), alignof(HintWord)));
    ASSERT(options.harts >= 1 && options.harts <= kMaxHarts);
    for (u32 word = 0; word < hint_words(); ++word) ::new (&hints_[word]) HintWord(0);
    for (u32 hart = 0; hart < kMaxHarts; ++hart) {
        windows_[hart].random = options.seed + (u64{hart} << 56);
    }
    fill_to(window_cells());
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::allocate_first(std::optional<u32> slot, u32 references) {
    ASSERT(references != 0 && slot.value_or(0) < mask_);
    const u32 number = claim(1, Claim::kLow, slot.value_or(mask_), references);
    if (number == 0) return Error::kInUse;
    return number;
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::allocate_slowly(Window& window, u32 slot, u32 references,
                                                   Nanos now) {
    // First: no hart takes a window while there are low numbers.
    if (const u32 number = allocate_low(slot, references); number != 0) return number;
    return allocate_ordinary(window, slot, references, now);
}

template <class Policy>
u32 BasicPidCells<Policy>::allocate_low(u32 slot, u32 references) {
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
        // A hint can be stale, so the last two sweeps look into every window: two, for what the
        // first finds may have to sit out. So does who was told to come back, for the gate may let
        // through no more than a lap at a time.
        const bool by_hints = sweep + 2 < kSweeps && !window.turned_away;
        for (u32 passed = 0;;) {
            do {
                if (const u32 number = claim_from(window, slot, references); number != 0) {
                    window.turned_away = false;
                    return number;
                }
            } while (next_block(window));
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
bool BasicPidCells<Policy>::next_block(Window& window) {
    if (window.end - window.block <= kBlockCells) return false;
    window.block += kBlockCells;
    load_todo(window);
    return true;
}

template <class Policy>
void BasicPidCells<Policy>::load_todo(Window& window) {
    // Cell 0 is nobody's; in the first lap the low cells are left to allocate_low().
    const u32 begin = std::max(window.block, window.first_lap ? low_end_ : 1);
    const u32 end = std::min(window.block + kBlockCells, window.end);
    u64 todo = 0;
    for (u32 index = begin; index < end; ++index) {
        // The claim decides.
        todo |= u64{peek(index).references() == 0} << (index % kBlockCells);
    }
    window.todo = todo;
}

template <class Policy>
Result<u32> BasicPidCells<Policy>::take_window(Window& window, bool by_hints, Nanos now) {
    leave(window);
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
    // In later laps too: who took it in the first may not have come to initialising it yet (I5).
    fill_to((index + 1) * window_cells());
    window.block = index * window_cells();
    window.end = window.block + window_cells();
    load_todo(window);
    return passed;
}

template <class Policy>
u64 BasicPidCells<Policy>::first_unhinted(u64 at) const {
    const u64 end = end_of_lap(at);
    while (at < end) {
        const u32 index = static_cast<u32>(at % windows());
        // relaxed: a hint.
        const u64 word = hints_[index / 64].load(std::memory_order_relaxed);
        const u32 bit = index % 64;
        const u32 full = static_cast<u32>(std::countr_one(word >> bit));
        if (full == 0) return at;
        at += std::min(full, 64 - bit);
    }
    return end;
}

template <class Policy>
void BasicPidCells<Policy>::leave(Window& window) {
    const u32 end = std::exchange(window.end, 0);
    window.block = 0;
    if (end == 0 || any_free(end - window_cells(), end)) return;
    const u32 index = (end - 1) >> window_shift_;
    // relaxed: a hint; if somebody freed a cell between the look and this, it is stale until the
    // next one is freed, or the last sweeps of an allocation come by.
    hints_[index / 64].fetch_or(u64{1} << (index % 64), std::memory_order_relaxed);
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
        // [pid.fill] release: the cells are initialised before they are looked at (I5); pairs with
        // acquire in look(), next_live(), any_free() and above.
        if (begin < end) filled_.store(end, std::memory_order_release);
        filling_.store(0, std::memory_order_release);  // [pid.filling] release: pairs with acquire
    }
}

template <class Policy>
bool BasicPidCells<Policy>::any_free() const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = static_cast<u32>(filled_.load(std::memory_order_acquire));
    return end < cell_count() || any_free(0, end);
}

template <class Policy>
bool BasicPidCells<Policy>::any_free(u32 begin, u32 end) const {
    for (u32 index = std::max<u32>(begin, 1); index < end; ++index) {
        if (peek(index).references() == 0) return true;
    }
    return false;
}

template <class Policy>
u32 BasicPidCells<Policy>::count_held() const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = static_cast<u32>(filled_.load(std::memory_order_acquire));
    u32 count = 0;
    for (u32 index = 0; index < end; ++index) count += peek(index).references() != 0;
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
    counters.live = count_held();
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
