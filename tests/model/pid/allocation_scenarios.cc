// Scenarios of the Pid hash: who gets which number, and who is met by an iteration.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// All allocate from the same busy word, in which two cells are free.
template <u32 kThreads>
struct AllocateAgainstAllocate : World {
    AllocateAgainstAllocate() {
        hold_all();
        free({10, 11});
        for (u32 hart = 0; hart < kThreads; ++hart) warm(hart);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread);
        got_[thread] = number.ok() ? number.value() : 0;
        check(number.ok() || number.error() == Error::kNoProcs, "all numbers are in use");
    }
    void finish() override {
        World::finish();
        std::sort(got_.begin(), got_.end(), std::greater<>());
        check(got_[0] == next_of(11) && got_[1] == next_of(10), "each free cell is given once");
    }

private:
    std::array<u32, 3> got_{};
};

/// The harts have no window yet: both move the cursor.
struct AllocateCold : World {
    AllocateCold() {
        hold_all();
        free({10, 11});
        // Past the first lap, of which the low numbers are all there is.
        warm(2);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        got_[thread] = allocate(thread).value();
        check_held(got_[thread]);
    }
    void finish() override {
        World::finish();
        check(got_[0] != got_[1], "each free cell is given once");
    }

private:
    std::array<u32, 2> got_{};
};

/// A number comes back only after all others of its cell: not to who just dropped it either.
struct NotReusedAtOnce : World {
    NotReusedAtOnce() {
        hold_all();
        free({10, 11});
        old_ = {allocate(0).value(), allocate(1).value()};
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        release(thread, old_[thread]);
        const Result<u32> number = allocate(thread);
        check(number.ok(), "a cell was freed");
        check(number.value() == next_of(old_[0]) || number.value() == next_of(old_[1]),
              "a cell steps its generation");
        check(cells_.references(old_[thread]) == 0, "a number that was dropped is nobody's");
    }

private:
    std::array<u32, 2> old_{};
};

/// The last of the low numbers and the first of the others.
struct EndOfLowNumbers : World {
    EndOfLowNumbers() {
        check(cells_.allocate_first(std::nullopt, 1).ok(), "1 is there on request");
        for (u32 i = 2; i < 63; ++i) check(allocate_low(i), "setup uses up the low numbers");
        cells_.release(10, 1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { got_[thread] = cells_.allocate(thread, {}, 1, {}).value(); }
    void finish() override {
        check(std::max(got_[0], got_[1]) == next_of(10), "a number that was free");
        check(std::min(got_[0], got_[1]) == 63, "the last of the low numbers");
    }

private:
    bool allocate_low(u32 expected) {
        return cells_.allocate(0, std::nullopt, 1, Nanos{}).value() == expected;
    }
    std::array<u32, 2> got_{};
};

/// The first numbers of a boot, whichever hart asks; number 1 only for who asks for it.
template <u32 kThreads>
struct LowNumbers : World {
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 2) {
            check(cells_.allocate_first(std::nullopt, 1).value() == 1, "1 is there on request");
            allocated(2, 1, 1);
            return;
        }
        for (u32& number : got_[thread]) number = allocate(thread).value();
    }
    void finish() override {
        World::finish();
        std::bitset<8> seen;
        for (const auto& numbers : got_) {
            check(numbers[0] < numbers[1], "in order");
            for (const u32 number : numbers) seen.set(number % 8);
        }
        check(seen == 0b111100, "2, 3, 4 and 5");
    }

private:
    std::array<std::array<u32, 2>, 2> got_{};
};

/// A full table: an allocation fails, unless it comes after a drop; and it does not fail for ever.
template <u32 kThreads>
struct FullTable : World {
    FullTable() {
        hold_all();
        give(1, 10);
        // Somebody has been told before that all numbers are held: the hints are set.
        check(!cells_.allocate(3, std::nullopt, 1, Nanos{}).ok(), "setup holds all numbers");
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 1) release(1, 10);
        const Result<u32> number = allocate(thread);
        check(number.ok() || number.error() == Error::kNoProcs, "all numbers are in use");
        got_[thread] = number.ok() ? 1 : 0;
    }
    void finish() override {
        World::finish();
        check(got_[0] + got_[1] + got_[2] == 1, "one gets the number that there is");
    }

private:
    std::array<u32, 3> got_{};
};

/// T0 meets those who live throughout exactly once, others at most once.
struct Iteration : World {
    Iteration() {
        hold_all();
        for (const u32 number : {59u, 60u, 61u}) {
            give(1, number);
            cells_.bind(number, number);
        }
        for (const u32 number : {62u, 63u}) free({number});
        warm(1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            u32 met = 0;
            for (auto live = cells_.next_live(58); live; live = cells_.next_live(live->next)) {
                const u32 index = live->number % 64;
                check(live->next == index + 1, "an iteration goes on behind whom it met");
                check((met >> (index - 58) & 1) == 0, "nobody is met twice");
                check(live->slot == index || live->slot == kSlot, "with the slot that was bound");
                met |= u32{1} << (index - 58);
            }
            check((met & 0b1010) == 0b1010, "who lives throughout is met");
        } else {
            exit(1, 60, 60);
            check(allocate(1, kSlot).ok(), "two cells are free");
        }
    }
};

/// Nobody gets cell 0, though its bit is clear.
struct CellZero : World {
    CellZero() { hold_all(); }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread);
        check(!number.ok() && number.error() == Error::kNoProcs, "all numbers are in use");
        check(!cells_.lookup(0) && cells_.references(0) == 0 && !cells_.acquire(0), "0 is nobody");
    }
};

constexpr std::array kScenarios{
    make<AllocateAgainstAllocate<2>>("two allocate in one word", 2),
    make<AllocateAgainstAllocate<3>>("three allocate, two cells are free", 3),
    make<AllocateCold>("two move the cursor", 2),
    make<NotReusedAtOnce>("no number is reused at once", 2),
    make<EndOfLowNumbers>("end of the low numbers", 2),
    make<LowNumbers<2>>("low numbers", 2),
    make<LowNumbers<3>>("low numbers and number 1", 3),
    make<FullTable<2>>("full table", 2, 0, std::nullopt, 1),
    make<FullTable<3>>("full table, three ask", 3, 0, 3, 0),
    make<Iteration>("iteration under change", 2),
    make<CellZero>("cell 0 is nobody's", 2),
};

}  // namespace

std::span<const Scenario> allocation_scenarios() { return kScenarios; }

}  // namespace model::pid
