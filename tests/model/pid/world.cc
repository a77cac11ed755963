// World: setup, the account, and the invariants I1 to I4 of the cells.
#include "tests/model/pid/world.h"

namespace model::pid {

template <u32 kCellBits>
WorldOf<kCellBits>::WorldOf(PidOptions (*change)(PidOptions))
    : options_(change == nullptr ? memory_.options(kCellBits + 3)
                                 : change(memory_.options(kCellBits + 3))),
      cells_(options_) {}

template <u32 kCellBits>
void WorldOf<kCellBits>::hold(u32 end) {
    check(cells_.allocate_first(std::nullopt, 1).value() == 1, "setup holds number 1");
    for (u32 i = 2; i < end; ++i) {
        const Result<u32> number = cells_.allocate(kSetupHart, std::nullopt, 1, Nanos{});
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
    const u32 first = 1 + hart;
    cells_.release(first, 1);
    held_by_setup_.reset(first);
    const u32 number = cells_.allocate(hart, std::nullopt, 1, Nanos{}).value();
    check(number % kCells == first, "a hart is warm with the cell meant for that");
    account(kSetup, number, 1);
    sitting_.set(hart);
}

template <u32 kCellBits>
void WorldOf<kCellBits>::find_all_held() {
    cells_.release(1, 1);
    held_by_setup_.reset(1);
    const u32 number = cells_.allocate(kSetupHart, std::nullopt, 1, Nanos{}).value();
    check(number == next_of(1), "the only free cell is the one meant for that");
    account(kSetup, number, 1);
    const Result<u32> none = cells_.allocate(kSetupHart, std::nullopt, 1, Nanos{});
    check(!none.ok() && none.error() == Error::kNoProcs, "all numbers are in use");
}

template <u32 kCellBits>
void WorldOf<kCellBits>::age(u32 index, u32 generation) {
    while (newest(index).number(index) / kCells != generation) {
        const u32 number = cells_.allocate(kSetupHart, std::nullopt, 1, Nanos{}).value();
        check(number % kCells == index, "a cell is aged while it is the only free one");
        cells_.release(number, 1);
    }
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
    if (!began_) sitting_.set(thread);
    if (number.ok()) {
        check(number.value() % kCells != 0, "cell 0 is nobody's");
        account(thread, number.value(), references);
        ++allocated_[thread];
    } else if (number.error() == Error::kNoProcs) {
        ++refused_[thread];
    } else {
        check(number.error() == Error::kPidTooSoon, "nothing else goes wrong");
        ++turned_away_[thread];
    }
    return number;
}

template <u32 kCellBits>
Result<u32> WorldOf<kCellBits>::allocate_first(u32 thread) {
    Result<u32> number = cells_.allocate_first(std::nullopt, 1);
    check(number.ok() ? number.value() == 1 : number.error() == Error::kInUse,
          "who asks for 1 gets it or nothing");
    if (number.ok()) account(thread, 1, 1);
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
PidWord WorldOf<kCellBits>::newest(u32 index) const {
    // relaxed: outside threads a load sees the newest value.
    return {memory_.cell(index).load(std::memory_order_relaxed), kCells - 1};
}

template <u32 kCellBits>
void WorldOf<kCellBits>::begin() {
    began_ = true;
    before_ = cells_.counters();
    allocated_.fill(0);
    refused_.fill(0);
    turned_away_.fill(0);
    for (u32 i = 0; i < watched_count_; ++i) {
        const PidWord now = newest(watched_[i]);
        last_[i] = now.bits();
        // Holders of windows; and whoever comes with a low number.
        most_[i] = static_cast<u32>(sitting_.count()) + (now.never_used() ? 1 : 0);
    }
}

template <u32 kCellBits>
void WorldOf<kCellBits>::watch() {
    for (u32 i = 0; i < watched_count_; ++i) {
        const PidWord now = newest(watched_[i]);
        if (now.bits() == last_[i]) continue;
        check_step(i, PidWord(last_[i], kCells - 1), now);
        last_[i] = now.bits();
    }
}

/// What one instruction may make of a cell. Said without the functions of PidWord that the hash
/// decides by.
template <u32 kCellBits>
void WorldOf<kCellBits>::check_step(u32 watched, PidWord before, PidWord now) {
    const u32 generations = u32{1} << (options_.number_bits - kCellBits);
    const bool low = watched_[watched] < kernel::pid::kLowNumbers;
    const auto generation = [](PidWord word) { return word.number(0) / kCells; };
    const u32 next = before.never_used() ? 0 : (generation(before) + 1) % generations;
    const bool stepped = before.never_used() || generation(before) != generation(now);
    check(!now.never_used() && now.number(0) < kCells * generations, "a used cell has a number");
    if (stepped) {
        ++steps_[watched];
        check(before.references() == 0, "a number that is held stays");
        check(generation(now) == next, "a cell steps its generation by one");
    }
    if (now.references() != 0) {
        check(before.references() != 0 || stepped, "I1: who raises references from 0 steps");
        check(!stepped || !low || generation(now) != 0 || before.never_used(),
              "low numbers come once");
    } else {
        check(!now.bound(), "I3: no references => slot none");
        check(!stepped || (low && generation(now) == 0), "only a low number is passed over");
    }
}

template <u32 kCellBits>
void WorldOf<kCellBits>::finish() {
    const PidCounters after = cells_.counters();
    for (u32 i = 0; i < watched_count_; ++i) {
        check(steps_[i] <= after.wraps - before_.wraps + most_[i],
              "I4: a cell steps once per lap and holder of a window");
    }
    if (!accounted_) return;
    std::array<i32, kCells * 16> held{};
    for (u32 i = 1; i < kFirstWindow; ++i) held[i] = held_by_setup_.test(i) ? 1 : 0;
    for (u32 who = 0; who <= kMaxThreads; ++who) {
        for (u32 i = 0; i < changes_count_[who]; ++i) {
            const Held& change = changes_[who][i];
            check(change.number < held.size(), "a number has as many bits as it may");
            held[change.number] += change.count;
        }
    }
    u32 live = 0;
    for (u32 number = 0; number < held.size(); ++number) {
        check(held[number] >= 0, "nobody gives back what he does not hold");
        if (held[number] == 0) continue;
        ++live;
        const PidWord word = newest(number % kCells);
        check(number % kCells != 0, "cell 0 is nobody's");
        check(word.number(number % kCells) == number, "two live numbers never share a cell");
        check(static_cast<i32>(word.references()) == held[number],
              "I2: the references of a number are those handed out");
    }
    check(after.live == live, "I2: all that is counted is held");
    u64 allocated = 0;
    u64 refused = 0;
    u64 turned_away = 0;
    for (u32 thread = 0; thread < kMaxThreads; ++thread) {
        allocated += allocated_[thread];
        refused += refused_[thread];
        turned_away += turned_away_[thread];
    }
    check(after.allocated - before_.allocated == allocated, "what is given is counted");
    check(after.refused - before_.refused == refused, "who is refused is counted");
    check(after.gate - before_.gate == turned_away, "who is turned away is counted");
}

template <u32 kCellBits>
std::string WorldOf<kCellBits>::name_of(const void* atomic) const {
    const auto* const cell = static_cast<const Cells::Cell*>(atomic);
    if (cell >= &memory_.cell(0) && cell <= &memory_.cell(kCells - 1)) {
        return "cell " + std::to_string(cell - &memory_.cell(0));
    }
    if (atomic == &memory_.hints()) return "hints";
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

template class WorldOf<2>;
template class WorldOf<3>;
template class WorldOf<7>;
template class WorldOf<10>;
template class WorldOf<11>;

}  // namespace model::pid
