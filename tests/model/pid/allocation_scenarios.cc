// Scenarios of the Pid hash: who gets which number, and who is met by an iteration.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

/// All allocate from windows of old, in which two cells are free.
template <u32 kThreads>
struct AllocateAgainstAllocate : World {
    AllocateAgainstAllocate() {
        hold_all();
        free({4, 5});
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
        check(got_[0] == next_of(5) && got_[1] == next_of(4), "each free cell is given once");
    }

private:
    std::array<u32, 3> got_{};
};

/// The harts have no window yet: both move the cursor.
struct AllocateCold : World {
    AllocateCold() {
        hold_all();
        free({4, 5});
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
        check(laps() >= 2, "each took a window of its own");
    }

private:
    std::array<u32, 2> got_{};
};

/// A number comes back only after all others of its cell: not to who just dropped it either. Who is
/// refused has found his own cell taken.
struct NotReusedAtOnce : World {
    NotReusedAtOnce() {
        hold_all();
        free({4, 5});
        old_ = {allocate(0).value(), allocate(1).value()};
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        release(thread, old_[thread]);
        const Result<u32> number = allocate(thread);
        check(cells_.references(old_[thread]) == 0, "a number that was dropped is nobody's");
        if (!number.ok()) return;
        check(number.value() == next_of(old_[0]) || number.value() == next_of(old_[1]),
              "a cell steps its generation");
        got_[thread] = number.value();
    }
    void finish() override {
        World::finish();
        for (u32 thread = 0; thread < 2; ++thread) {
            const bool taken_by_other = got_[1 - thread] == next_of(old_[thread]);
            check(got_[thread] != 0 || taken_by_other, "what a thread dropped is free to it");
        }
        check(got_[0] != got_[1], "no number is given twice");
    }

private:
    std::array<u32, 2> old_{};
    std::array<u32, 2> got_{};
};

/// The last of the low numbers and the first of the others.
struct EndOfLowNumbers : World {
    EndOfLowNumbers() {
        check(allocate_first(0).ok(), "1 is there on request");
        for (u32 i = 2; i < 7; ++i) check(allocate(0).value() == i, "setup uses them up");
        release(0, 4);
        watch_cell(4);
        watch_cell(7);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { got_[thread] = allocate(thread).value(); }
    void finish() override {
        World::finish();
        check(std::max(got_[0], got_[1]) == next_of(4), "a number that was free");
        check(std::min(got_[0], got_[1]) == 7, "the last of the low numbers");
    }

private:
    std::array<u32, 2> got_{};
};

/// The first numbers of a boot, whichever hart asks; number 1 only for who asks for it.
template <u32 kThreads>
struct LowNumbers : World {
    LowNumbers() {
        for (u32 cell = 1; cell < 6; ++cell) watch_cell(cell);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 2) {
            check(allocate_first(2).ok(), "1 is there on request");
            return;
        }
        for (u32& number : got_[thread]) number = allocate(thread).value();
    }
    void finish() override {
        World::finish();
        std::bitset<kCells> seen;
        for (const auto& numbers : got_) {
            check(numbers[0] < numbers[1], "in order");
            for (const u32 number : numbers) seen.set(number % kCells);
        }
        check(seen == 0b111100, "2, 3, 4 and 5");
    }

private:
    std::array<std::array<u32, 2>, 2> got_{};
};

/// T0 meets those who live throughout exactly once, others at most once.
struct Iteration : World {
    Iteration() {
        hold_all();
        for (const u32 number : {3u, 4u, 5u}) {
            give(1, number);
            cells_.bind(number, number);
        }
        for (const u32 number : {6u, 7u}) free({number});
        warm(1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            u32 met = 0;
            for (auto live = cells_.next_live(0); live; live = cells_.next_live(live->next)) {
                const u32 index = live->number % kCells;
                check(live->next == index + 1, "an iteration goes on behind whom it met");
                check((met >> (index) & 1) == 0, "nobody is met twice");
                check(live->slot == index || live->slot == 1, "with the slot that was bound");
                met |= u32{1} << (index);
            }
            check((met & 0b101000) == 0b101000, "who lives throughout is met");
        } else {
            exit(1, 4, 4);
            check(allocate(1, 1).ok(), "two cells are free");
        }
    }
};

/// Nobody gets cell 0, which has no references.
struct CellZero : World {
    CellZero() {
        hold_all();
        for (u32 hart = 0; hart < 2; ++hart) warm(hart);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread);
        check(!number.ok() && number.error() == Error::kNoProcs, "all numbers are in use");
        check(!cells_.lookup(0) && cells_.references(0) == 0 && !cells_.acquire(0), "0 is nobody");
    }
};

/// The only free cell is in the second block of the window.
struct SecondBlock : BlocksWorld {
    SecondBlock() {
        hold_all();
        give(1, 70);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 1) return release(1, 70);
        const Result<u32> number = allocate(0);
        check(number.ok() ? number.value() == next_of(70) : number.error() == Error::kNoProcs,
              "the only number there is");
        got_ = number.ok();
    }
    void finish() override {
        if (!got_) check(allocate(0).value() == next_of(70), "the only number there is");
        BlocksWorld::finish();
    }

private:
    bool got_ = false;
};

constexpr std::array kScenarios{
    make<AllocateAgainstAllocate<2>>("two allocate in one block", 2),
    make<AllocateAgainstAllocate<3>>("three allocate, two cells are free", 3),
    make<AllocateCold>("two move the cursor", 2),
    make<NotReusedAtOnce>("no number is reused at once", 2),
    make<EndOfLowNumbers>("end of the low numbers", 2),
    make<LowNumbers<2>>("low numbers", 2),
    make<LowNumbers<3>>("low numbers and number 1", 3),
    make<SecondBlock>("second block", 2),
    make<Iteration>("iteration under change", 2),
    make<CellZero>("cell 0 is nobody's", 2),
};

}  // namespace

std::span<const Scenario> allocation_scenarios() { return kScenarios; }

}  // namespace model::pid
