// BasicPidCells, what is inline: the operations on a number that somebody knows (find, count, bind,
// drop), and giving out one of a window that the hart has.
#pragma once

#include "base/lowest_bit.h"
#include "base/widen.h"
#include "pid/pid_cells.h"

namespace kernel::pid {

template <class Policy>
inline PidWord BasicPidCells<Policy>::look(u32 number) const {
    const u64 index = widen(number) & index_mask_;  // as in lookup()
    // [pid.fill] acquire: the cell is initialised (I5); pairs with release in fill_to().
    if (index >= filled_.load(std::memory_order_acquire)) [[unlikely]]
        return {0, mask_};
    // [pid.publish] acquire: pairs with release in claim() and bind().
    return {cells_[index].load(std::memory_order_acquire), mask_};
}

template <class Policy>
inline std::optional<SlotHint> BasicPidCells<Policy>::lookup(u32 number) const {
    // The mask keeps bit 31: who has it is no number, and its index is beyond what is filled.
    const u64 index = widen(number) & index_mask_;
    // [pid.fill] by address: the cell is initialised (I5); pairs with release in fill_to().
    const u64 filled = filled_.load(Policy::kOrderByAddress);
    if (index < filled) [[likely]] {
        // [pid.publish] by address: who uses the hint computes an address from it; pairs with
        // release in claim() and bind().
        const u64 word = (cells_ + Policy::zero_from(filled))[index].load(Policy::kOrderByAddress);
        const u32 slot = PidWord::slot_of(word, number, index);
        if (slot < mask_) return SlotHint{slot};
    }
    return std::nullopt;
}

template <class Policy>
u32 BasicPidCells<Policy>::references(u32 number) const {
    const PidWord word = look(number);
    return word.names(number) ? word.references() : 0;
}

template <class Policy>
inline void BasicPidCells<Policy>::dup(u32 number) {
    // relaxed: the caller holds a reference, so the number stays and nothing is learnt (I2).
    const PidWord before(
        cell_of(number).fetch_add(PidWord::References::make(1), std::memory_order_relaxed), mask_);
    ASSERT(before.holds(number, 1));
}

template <class Policy>
inline bool BasicPidCells<Policy>::acquire(u32 number) {
    u64 word = look(number).bits();
    while (PidWord(word, mask_).holds(number, 1)) [[likely]] {
        // [pid.publish] acquire: pairs with release in claim() and bind().
        if (cell_of(number).compare_exchange(word, word + PidWord::References::make(1),
                                             std::memory_order_acquire)) [[likely]] {
            return true;
        }
    }
    ASSERT(!PidWord(word, mask_).names(number) ||
           PidWord(word, mask_).references() <= PidWord::kMaxReferences);
    return false;
}

template <class Policy>
inline void BasicPidCells<Policy>::clear_hint(u32 window) {
    const u64 bit = u64{1} << (window % 64);
    // relaxed (both): a hint; the last sweeps of an allocation do not believe it.
    if ((hints_[window / 64].load(std::memory_order_relaxed) & bit) != 0) [[unlikely]] {
        hints_[window / 64].fetch_and(~bit, std::memory_order_relaxed);
    }
}

template <class Policy>
inline void BasicPidCells<Policy>::freed(u32 index) {
    clear_hint(index >> window_shift_);
    // relaxed (both): a hint; the allocator that believes it looks again.
    if (full_.load(std::memory_order_relaxed) != 0) [[unlikely]] {
        full_.store(0, std::memory_order_relaxed);
    }
}

template <class Policy>
inline void BasicPidCells<Policy>::release(u32 number, u32 count) {
    ASSERT(count != 0 && count <= PidWord::kMaxReferences);
    // [pid.drop] release: what the holders did comes before the cell is used again; pairs with
    // acquire in claim(), which every drop leads to.
    const PidWord before(
        cell_of(number).fetch_sub(PidWord::References::make(count), std::memory_order_release),
        mask_);
    if (before.holds(number, count + 1)) [[likely]]
        return;
    ASSERT(before.holds(number, count));
    ASSERT(!before.bound());  // I3: exit() comes before the last drop
    freed(number & mask_);
}

template <class Policy>
inline void BasicPidCells<Policy>::bind(u32 number, u32 slot) {
    ASSERT(slot < mask_);
    // [pid.publish] release: the process is complete before it can be found; pairs with acquire in
    // look() and acquire().
    const PidWord before(
        cell_of(number).fetch_sub(PidWord::slot_distance(slot, mask_), std::memory_order_release),
        mask_);
    ASSERT(before.holds(number, 1) && !before.bound());
}

template <class Policy>
inline void BasicPidCells<Policy>::exit(u32 number, u32 slot, u32 count) {
    ASSERT(slot < mask_ && count != 0 && count <= PidWord::kMaxReferences);
    const u64 change = PidWord::slot_distance(slot, mask_) - PidWord::References::make(count);
    // [pid.drop] release: as in release(); and who finds the number gone sees what led to it.
    const PidWord before(cell_of(number).fetch_add(change, std::memory_order_release), mask_);
    ASSERT(before.holds(number, count) && before.slot() == slot);
    if (before.references() == count) freed(number & mask_);
}

template <class Policy>
inline PidWord BasicPidCells<Policy>::peek(u32 index) const {
    // relaxed: a snapshot.
    return {cells_[index].load(std::memory_order_relaxed), mask_};
}

template <class Policy>
inline bool BasicPidCells<Policy>::none_held(const Cell* cells) {
    const auto all = [cells]<usize... I>(std::index_sequence<I...>) {
        // relaxed: a snapshot.
        return (cells[I].load(std::memory_order_relaxed) | ...);
    };
    return PidWord::References::get(all(std::make_index_sequence<kGlance>())) == 0;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::first_held(u32 index, u32 end) const {
    for (; index < end; ++index) {
        // Most of a table is free at most times.
        if (index % kGlance == 0) {
            while (end - index >= kGlance && none_held(&cells_[index])) index += kGlance;
            if (index >= end) break;
        }
        if (peek(index).references() != 0) break;
    }
    return index;
}

template <class Policy>
std::optional<LivePid> BasicPidCells<Policy>::next_live(u32 from) const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = static_cast<u32>(filled_.load(std::memory_order_acquire));
    // By snapshots: who lived before the iteration began was there before that.
    for (u32 index = first_held(from, end); index < end; index = first_held(index + 1, end)) {
        // [pid.publish] acquire: pairs with release in claim() and bind().
        const PidWord cell(cells_[index].load(std::memory_order_acquire), mask_);
        if (cell.bound()) {  // then it has references (I3)
            return LivePid{cell.number(index), cell.slot(), index + 1};
        }
    }
    return std::nullopt;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::claim(u32 index, Claim kind, u32 slot, u32 references) {
    const PidWord old = peek(index);
    if (old.references() != 0) [[unlikely]]
        return 0;
    // Who comes for a low number gets that one or none.
    if (kind == Claim::kLow && !old.never_used()) return 0;
    const u32 number = old.next_number(index, number_mask_);
    u64 expected = old.bits();
    if (kind == Claim::kOrdinary && number < low_end_) [[unlikely]] {
        // A low number is given once, and only as such: the cell sits this use out.
        // relaxed: nothing changes hands. ignored: if it changed, somebody else has it.
        (void)cells_[index].compare_exchange(expected, PidWord::of(number, mask_, 0, mask_).bits(),
                                             std::memory_order_relaxed);
        return 0;
    }
    // [pid.publish] release: with a slot, the process is complete before it can be found; pairs
    // with acquire in look() and acquire(). [pid.drop] acquire: what was done with the cell's last
    // number came before; pairs with release in release() and exit().
    const bool claimed = cells_[index].compare_exchange(
        expected, PidWord::of(number, slot, references, mask_).bits(), std::memory_order_acq_rel);
    return claimed ? number : 0;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::choose(Window& window) const {
    // relaxed: a setting.
    if (random_.load(std::memory_order_relaxed) == 0) [[likely]] {
        return lowest_bit(window.todo);
    }
    // SplitMix64 (Steele, Lea, Flood 2014): enough that who does not know the seed cannot say which
    // number comes next; no secret worth more than that should hang on it.
    u64 mixed = window.random += 0x9e37'79b9'7f4a'7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58'476d'1ce4'e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d0'49bb'1331'11eb;
    const u32 turn = static_cast<u32>(mixed >> 58);
    const u64 turned = std::rotr(window.todo, static_cast<int>(turn));
    return (lowest_bit(turned) + turn) % kBlockCells;
}

template <class Policy>
inline u32 BasicPidCells<Policy>::claim_from(Window& window, u32 slot, u32 references) {
    while (window.todo != 0) {  // bounded by its bits
        const u32 bit = choose(window);
        window.todo &= ~(u64{1} << bit);
        const u32 number = claim(window.block + bit, Claim::kOrdinary, slot, references);
        if (number != 0) [[likely]]
            return number;
    }
    return 0;
}

template <class Policy>
inline Result<u32> BasicPidCells<Policy>::allocate(u32 hart, std::optional<u32> slot,
                                                   u32 references, Nanos now) {
    ASSERT(hart < kMaxHarts && slot.value_or(0) < mask_);
    ASSERT(references != 0 && references <= PidWord::kMaxReferences);
    Window& window = windows_[hart];
    u32 number = claim_from(window, slot.value_or(mask_), references);
    if (number == 0) [[unlikely]] {
        number = TRY(allocate_slowly(window, slot.value_or(mask_), references, now));
    }
    // relaxed (both): statistics, written by this hart only.
    window.allocated.store(window.allocated.load(std::memory_order_relaxed) + 1,
                           std::memory_order_relaxed);
    return number;
}

}  // namespace kernel::pid

#include "pid/pid_cells_allocate.h"
