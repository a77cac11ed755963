// BasicPidCells, the operations on a number that somebody knows: find, count, bind, drop.
#pragma once

#include "base/widen.h"
#include "pid/pid_cells.h"

namespace kernel::pid {

template <class Policy>
inline PidWord BasicPidCells<Policy>::look(u32 number) const {
    const u32 index = number & mask_;
    // [pid.fill] acquire: the cell is initialised (I6); pairs with release in fill_to().
    if (number > kMaxNumber || index >= filled_.load(std::memory_order_acquire)) [[unlikely]] {
        return {0, mask_};
    }
    // [pid.publish] acquire: pairs with release in claim() and bind().
    return {cells_[index].load(std::memory_order_acquire), mask_};
}

template <class Policy>
inline std::optional<SlotHint> BasicPidCells<Policy>::lookup(u32 number) const {
    // The mask keeps bit 31: who has it is no number, and its index is beyond what is filled.
    const u64 index = widen(number) & index_mask_;
    // [pid.fill] by address: the cell is initialised (I6); pairs with release in fill_to().
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
void BasicPidCells<Policy>::dup(u32 number) {
    // relaxed: the caller holds a reference, so the number stays and nothing is learnt (I3).
    const PidWord before(cell_of(number).fetch_add(1, std::memory_order_relaxed), mask_);
    ASSERT(before.names(number) && before.references() != 0);
    ASSERT(before.references() != PidWord::kMaxReferences);
}

template <class Policy>
bool BasicPidCells<Policy>::acquire(u32 number) {
    PidWord seen = look(number);
    while (seen.names(number) && seen.references() != 0) {
        ASSERT(seen.references() != PidWord::kMaxReferences);
        u64 expected = seen.bits();
        // [pid.publish] acquire: pairs with release in claim() and bind().
        if (cell_of(number).compare_exchange(expected, expected + 1, std::memory_order_acquire)) {
            return true;
        }
        seen = PidWord(expected, mask_);
    }
    return false;
}

template <class Policy>
inline void BasicPidCells<Policy>::clear_hint(u32 window) {
    const u64 bit = u64{1} << (window % kWordBits);
    // relaxed (both): a hint; the last sweep of an allocation does not believe it.
    if ((hints_[window / kWordBits].load(std::memory_order_relaxed) & bit) != 0) [[unlikely]] {
        hints_[window / kWordBits].fetch_and(~bit, std::memory_order_relaxed);
    }
}

template <class Policy>
inline void BasicPidCells<Policy>::clear_busy(u32 index) {
    // [pid.bit] release: the drop comes before the next claim (I1); pairs with acquire in claim().
    busy_[index / kWordBits].fetch_and(~(u64{1} << (index % kWordBits)), std::memory_order_release);
    clear_hint(index >> window_shift_);
    // relaxed (both): a hint; the allocator that believes it looks again.
    if (full_.load(std::memory_order_relaxed) != 0) full_.store(0, std::memory_order_relaxed);
}

template <class Policy>
void BasicPidCells<Policy>::release(u32 number, u32 count) {
    // [pid.drop] acq_rel: what the holders did comes before the number is free; pairs with itself.
    const PidWord before(cell_of(number).fetch_sub(count, std::memory_order_acq_rel), mask_);
    ASSERT(before.names(number) && before.references() >= count);
    if (before.references() == count) {
        ASSERT(!before.bound());  // I4: exit() comes before the last drop
        clear_busy(number & mask_);
    }
}

template <class Policy>
void BasicPidCells<Policy>::bind(u32 number, u32 slot) {
    ASSERT(slot < mask_);
    // [pid.publish] release: the process is complete before it can be found; pairs with acquire in
    // look() and acquire().
    const PidWord before(
        cell_of(number).fetch_sub(PidWord::slot_distance(slot, mask_), std::memory_order_release),
        mask_);
    ASSERT(before.names(number) && before.references() != 0 && !before.bound());
}

template <class Policy>
void BasicPidCells<Policy>::exit(u32 number, u32 slot, u32 count) {
    ASSERT(slot < mask_);
    const u64 change = PidWord::slot_distance(slot, mask_) - count;
    // [pid.drop] acq_rel: as in release(); and who finds the number gone sees what led to it.
    const PidWord before(cell_of(number).fetch_add(change, std::memory_order_acq_rel), mask_);
    ASSERT(before.names(number) && before.slot() == slot && before.references() >= count);
    if (before.references() == count) clear_busy(number & mask_);
}

template <class Policy>
std::optional<LivePid> BasicPidCells<Policy>::next_live(u32 from) const {
    // [pid.fill] acquire: what is below is initialised; pairs with release in fill_to().
    const u32 end = filled_.load(std::memory_order_acquire);
    for (u32 index = from; index < end;) {
        // relaxed: who lived before the iteration began set its bit before that.
        const u64 word = busy_[index / kWordBits].load(std::memory_order_relaxed);
        const u64 rest = word >> (index % kWordBits);
        if (rest == 0) {
            index = (index / kWordBits + 1) * kWordBits;
            continue;
        }
        index += static_cast<u32>(std::countr_zero(rest));
        // [pid.publish] acquire: pairs with release in claim() and bind().
        const PidWord cell(cells_[index].load(std::memory_order_acquire), mask_);
        if (cell.references() != 0 && cell.bound()) {
            return LivePid{cell.number(index), cell.slot(), index + 1};
        }
        ++index;
    }
    return std::nullopt;
}

}  // namespace kernel::pid

#include "pid/pid_cells_allocate.h"
