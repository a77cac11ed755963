// World: setup, the account, and the invariants I1 to I4 of the cells.
#include "tests/model/pid/world.h"

namespace model::pid {

template <u32 kCellBits>
PidOptions WorldOf<kCellBits>::options(PidOptions (*change)(PidOptions)) {
    const PidOptions usual = memory_.options(kCellBits + 3);
    return change == nullptr ? usual : change(usual);
}

template <u32 kCellBits>
WorldOf<kCellBits>::WorldOf(PidOptions (*change)(PidOptions)) : cells_(options(change)) {}

template <u32 kCellBits>
void WorldOf<kCellBits>::hold_all() {
    check(cells_.allocate_first(std::nullopt, 1).value() == 1, "setup holds number 1");
    for (u32 i = 2; i < kFirstWindow; ++i) {
        const Result<u32> number = cells_.allocate(0, std::nullopt, 1, Nanos{});
        check(number.ok() && number.value() == i, "setup holds all numbers");
        held_by_setup_.set(i);
    }
    held_by_setup_.set(1);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::free(std::initializer_list<u32> indices) {
    for (const u32 index : indices) {
        cells_.release(index, 1);
        held_by_setup_.reset(index);
        watch_cell(index);
    }
}

template <u32 kCellBits>
void WorldOf<kCellBits>::warm(u32 hart) {
    // A cell before all that are free, so that it is what the hart gets; its number stays held.
    const u32 first = 2 + hart;
    cells_.release(first, 1);
    held_by_setup_.reset(first);
    const u32 number = cells_.allocate(hart, std::nullopt, 1, Nanos{}).value();
    check(number % kCells == first, "a hart is warm with the cell meant for that");
    account(kSetup, number, 1);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::account(u32 who, u32 number, u32 count, bool minus) {
    const i32 change = minus ? -static_cast<i32>(count) : static_cast<i32>(count);
    if (changes_count_[who] == changes_[who].size()) fail("the account of a thread is too short");
    changes_[who][changes_count_[who]++] = {number, change};
}

template <u32 kCellBits>
Result<u32> WorldOf<kCellBits>::allocate(u32 thread, std::optional<u32> slot, u32 references,
                                         Nanos now) {
    Result<u32> number = cells_.allocate(thread, slot, references, now);
    if (number.ok()) {
        check(number.value() % kCells != 0, "cell 0 is nobody's");
        account(thread, number.value(), references);
    }
    return number;
}

template <u32 kCellBits>
bool WorldOf<kCellBits>::acquire(u32 thread, u32 number) {
    if (!cells_.acquire(number)) return false;
    account(thread, number, 1);
    return true;
}

template <u32 kCellBits>
void WorldOf<kCellBits>::dup(u32 thread, u32 number) {
    cells_.dup(number);
    account(thread, number, 1);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::release(u32 thread, u32 number, u32 count) {
    account(thread, number, count, true);
    cells_.release(number, count);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::exit(u32 thread, u32 number, u32 slot, u32 count) {
    account(thread, number, count, true);
    cells_.exit(number, slot, count);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::give(u32 thread, u32 number, u32 count) {
    if (held_by_setup_.test(number % kCells)) {
        held_by_setup_.reset(number % kCells);
        account(thread, number, 1);
        watch_cell(number % kCells);
        if (--count == 0) return;
    }
    for (u32 i = 0; i < count; ++i) cells_.dup(number);
    account(thread, number, count);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::check_held(u32 number) {
    check(cells_.references(number) != 0, "a number that is held is counted");
}

template <u32 kCellBits>
void WorldOf<kCellBits>::watch() {
    // relaxed (all): watch() sees the newest values.
    for (u32 i = 0; i < watched_count_; ++i) {
        const u32 index = watched_[i];
        const PidWord word(memory_.cell(index).load(std::memory_order_relaxed), kCells - 1);
        const u64 busy = memory_.busy(index / 64).load(std::memory_order_relaxed);
        if ((busy >> (index % 64) & 1) == 0) {
            check(word.references() == 0, "I1: busy bit clear => no references");
        }
        if (word.references() == 0 && !word.never_used()) {
            check(!word.bound(), "I4: no references => slot none");
        }
    }
}

template <u32 kCellBits>
void WorldOf<kCellBits>::finish() {
    std::array<i32, kCells * 8> held{};
    for (u32 i = 1; i < kFirstWindow; ++i) held[i] = held_by_setup_.test(i) ? 1 : 0;
    for (u32 who = 0; who <= kMaxThreads; ++who) {
        for (u32 i = 0; i < changes_count_[who]; ++i) {
            const Held& change = changes_[who][i];
            held[change.number % held.size()] += change.count;
        }
    }
    i64 total = 0;
    for (const i32 count : held) {
        check(count >= 0, "nobody gives back what he does not hold");
        total += count;
    }
    u32 counted = 0;
    for (u32 index = 0; index < kFirstWindow; ++index) {
        const PidWord word(memory_.cell(index).load(std::memory_order_relaxed), kCells - 1);
        const bool busy =
            (memory_.busy(index / 64).load(std::memory_order_relaxed) >> (index % 64) & 1) != 0;
        check(busy == (word.references() != 0), "I1: at rest the busy bit says who has references");
        if (word.references() == 0) continue;
        check(index != 0, "cell 0 is nobody's");
        check(static_cast<i32>(word.references()) == held[word.number(index) % held.size()],
              "I3: the references of a number are those handed out");
        counted += word.references();
    }
    check(kCells != kFirstWindow || counted == total, "I3: all that is held is counted");
}

template <u32 kCellBits>
std::string WorldOf<kCellBits>::name_of(const void* atomic) const {
    const auto* const cell = static_cast<const Cells::Cell*>(atomic);
    if (cell >= &memory_.cell(0) && cell <= &memory_.cell(kCells - 1)) {
        return "cell " + std::to_string(cell - &memory_.cell(0));
    }
    const auto* const word = static_cast<const Cells::BusyWord*>(atomic);
    if (word >= &memory_.busy(0) && word < &memory_.busy(kCells / 64)) return "busy";
    if (word == &memory_.busy(kCells / 64)) return "hints";
    return {};
}

template <u32 kCellBits>
std::string WorldOf<kCellBits>::show(const void* atomic, u64 value) const {
    const auto* const cell = static_cast<const Cells::Cell*>(atomic);
    if (cell < &memory_.cell(0) || cell > &memory_.cell(kCells - 1)) return {};
    const PidWord word(value, kCells - 1);
    if (word.never_used()) return "(never used)";
    const std::string slot = word.bound() ? ", slot " + std::to_string(word.slot()) : "";
    return "(" + std::to_string(word.number(static_cast<u32>(cell - &memory_.cell(0)))) + slot +
           ", refs " + std::to_string(word.references()) + ")";
}

template class WorldOf<6>;
template class WorldOf<10>;
template class WorldOf<11>;

}  // namespace model::pid
