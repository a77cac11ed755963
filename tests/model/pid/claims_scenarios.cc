// Scenarios of the Pid hash: a claim is one compare-and-swap, whoever else is at the same cell.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;
constexpr u32 kOtherSlot = 2;

/// One cell is free. All but the last thread know it from an old window, the last takes a new one.
template <u32 kThreads>
struct OldWindowAgainstNew : TinyWorld {
    OldWindowAgainstNew() {
        hold_all();
        free({3});
        for (u32 hart = 0; hart + 1 < kThreads; ++hart) warm(hart);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread);
        check(number.ok() ? number.value() == next_of(3) : number.error() == Error::kNoProcs,
              "the only number there is");
        got_[thread] = number.ok() ? 1 : 0;
    }
    void finish() override {
        TinyWorld::finish();
        check(got_[0] + got_[1] + got_[2] == 1, "a cell is given once");
    }

private:
    std::array<u32, 3> got_{};
};

/// T0 drops the last reference while T1 is about to claim the very cell: who gets it has all that
/// was done with it.
template <bool kExit>
struct ClaimAgainstLastDrop : World {
    ClaimAgainstLastDrop() {
        hold_all();
        free({4});
        warm(1);
        held_ = allocate(0, kExit ? std::optional(kSlot) : std::nullopt).value();
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            work_.set(1);
            return kExit ? exit(0, held_, kSlot) : release(0, held_);
        }
        const Result<u32> number = allocate(1);
        if (!number.ok()) return;
        check(number.value() == next_of(held_), "a cell steps its generation");
        check(work_.get() == 1, "who gets a cell sees what was done with it");
        check(cells_.references(held_) == 0, "a number that was dropped is nobody's");
    }

private:
    u32 held_ = 0;
    Var<u32> work_;
};

/// T0 uses one cell twice, each time with another slot; T1 asks for all numbers it may meet.
enum class Find : u8 { kLookup, kAcquire, kReferences };
template <Find kHow>
struct FindAgainstClaims : World {
    FindAgainstClaims() {
        hold_all();
        free({4});
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            const u32 first = allocate(0, kSlot).value();
            exit(0, first, kSlot);
            // T1 may hold the only number there is.
            const Result<u32> second = allocate(0, kOtherSlot);
            check(!second.ok() || second.value() == next_of(first), "a cell steps its generation");
            return;
        }
        for (const u32 number : {4u, next_of(4), next_of(next_of(4))}) find(number);
    }

private:
    void find(u32 number) {
        if (kHow == Find::kLookup) {
            check_slot(number, cells_.lookup(number));
        } else if (kHow == Find::kReferences) {
            const u32 references = cells_.references(number);
            check(references == 0 || (references == 1 && number != 4), "each is held once at most");
        } else if (acquire(1, number)) {
            check(number != 4, "who is gone is not held by his number");
            check(cells_.references(number) != 0, "a number that is held is counted");
            check(cells_.references(next_of(number)) == 0, "a held number has no twin");
            release(1, number);
        }
    }
    static void check_slot(u32 number, std::optional<SlotHint> hint) {
        if (!hint) return;
        check(number != 4, "who is gone is not found by his number");
        check(hint->slot == (number == next_of(4) ? kSlot : kOtherSlot), "each with its own slot");
    }
};

/// A number that is allocated with its slot is never seen without it.
struct ClaimBinds : World {
    ClaimBinds() {
        hold_all();
        free({4});
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            check(allocate(0, kSlot, 2).value() == next_of(4), "the only number there is");
        } else if (const u32 references = cells_.references(next_of(4)); references != 0) {
            check(references == 2, "with all its references");
            check(cells_.lookup(next_of(4)) == SlotHint{kSlot}, "a claim binds at once");
        }
    }
};

/// T0 allocates from a block it looked at long ago; T1 has used the same cells meanwhile.
struct OldTodo : TinyWorld {
    OldTodo() {
        hold_all();
        free({2, 3});
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread);
        if (!number.ok()) return;
        got_[thread] = number.value();
        if (thread == 0) return check_held(got_[0]);
        release(1, got_[1]);
        const Result<u32> again = allocate(1);
        if (!again.ok()) return;
        check(again.value() != got_[1], "no number is given twice");
        got_[1] = again.value();
    }
    void finish() override {
        TinyWorld::finish();
        check(got_[0] != got_[1], "each got one, and not the same");
    }

private:
    std::array<u32, 2> got_{};
};

/// T0 wants to claim a cell which T1 uses so often meanwhile that it holds the same word again.
struct SameWordAgain : TinyWorld {
    SameWordAgain() {
        hold_all();
        free({3});
        age(3, 2);
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        // The low number is passed over, so seven are a whole round.
        for (u32 i = 0; i < (thread == 0 ? 1 : 7); ++i) {
            const Result<u32> number = allocate(thread);
            if (!number.ok()) return;
            check(number.value() % kCells == 3, "the only cell there is");
            if (thread == 1) release(1, number.value());
        }
    }
};

/// T0 was told the last low number and stood still; T1 finds its cell unused a lap later. (Number 2
/// is held; or T0 drops it first, then there are two cells.)
template <bool kDrop>
struct LateLowNumber : TinyWorld {
    LateLowNumber() {
        check(allocate_first(0).value() == 1, "setup holds number 1");
        check(allocate(0).value() == 2, "setup holds number 2");
        watch_cell(2);
        watch_cell(3);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (kDrop && thread == 0) release(0, 2);
        const Result<u32> number = allocate(thread);
        if (!number.ok()) return;
        got_[thread] = number.value();
        check_held(number.value());
        if (!kDrop) check(number.value() == 3 || number.value() == next_of(3), "one cell is free");
    }
    void finish() override {
        TinyWorld::finish();
        const u32 got = (got_[0] != 0 ? 1 : 0) + (got_[1] != 0 ? 1 : 0);
        check(got == 1 || (kDrop && got == 2), "each free cell is given");
    }

private:
    std::array<u32, 2> got_{};
};

/// In the first lap nobody touches the cell of a low number, so who was told one gets it.
struct LowNumberInTheFirstLap : BlocksWorld {
    LowNumberInTheFirstLap() {
        check(cells_.allocate_first(std::nullopt, 1).ok(), "1 is there on request");
        for (u32 i = 2; i < 99; ++i) {
            check(cells_.allocate(0, std::nullopt, 1, Nanos{}).value() == i, "setup uses them up");
        }
        accounted_ = false;
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override { got_[thread] = allocate(thread).value(); }
    void finish() override {
        BlocksWorld::finish();
        std::sort(got_.begin(), got_.end());
        check(got_[0] == 99 && got_[1] == 100, "the last low number and the first of the others");
    }

private:
    std::array<u32, 2> got_{};
};

/// The last thread drops the last number of a cell before its low one; the others are about to
/// claim it.
template <u32 kThreads>
struct SitsOutAgainstDrop : TinyWorld {
    static constexpr u32 kDropper = kThreads - 1;

    SitsOutAgainstDrop() {
        hold_all();
        free({3});
        age(3, 6);
        for (u32 hart = 0; hart < kDropper; ++hart) warm(hart);
        last_ = allocate(kDropper).value();
        check(last_ == 3 + 7 * kCells, "setup holds the last number of the cell");
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == kDropper) return release(kDropper, last_);
        const Result<u32> number = allocate(thread);
        if (!number.ok()) return;
        check(number.value() == next_of(3), "the low number is passed over");
        check_held(number.value());
        got_[thread] = 1;
    }
    void finish() override {
        TinyWorld::finish();
        check(got_[0] + got_[1] <= 1, "a cell is given once");
    }

private:
    u32 last_ = 0;
    std::array<u32, 2> got_{};
};

/// Two pass over the same low number: the cell steps once for both.
struct TwoSitOut : TinyWorld {
    TwoSitOut() {
        hold_all();
        free({3});
        age(3, 7);
        for (u32 hart = 0; hart < 2; ++hart) warm(hart);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread, 1);
        if (!number.ok()) return;
        check(number.value() == next_of(3), "the low number is passed over");
        check(cells_.lookup(number.value()) == SlotHint{1}, "the owner finds its process");
        got_[thread] = 1;
    }
    void finish() override {
        TinyWorld::finish();
        check(got_[0] + got_[1] == 1, "a cell that sits out is given in the next lap");
    }

private:
    std::array<u32, 2> got_{};
};

/// T0 asks for number 1 when T1 is in later laps already: it gets that one or none.
struct LateNumberOne : TinyWorld {
    LateNumberOne() {
        check(allocate(1).value() == 2 && allocate(1).value() == 3, "setup holds the others");
        watch_cell(1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            got_[0] = allocate_first(0).ok() ? 1 : 0;
        } else if (const Result<u32> number = allocate(1); number.ok()) {
            check(number.value() == next_of(1), "number 1 is only given on request");
            got_[1] = 1;
        }
    }
    void finish() override {
        TinyWorld::finish();
        check(got_[0] + got_[1] == 1, "the cell is given");
    }

private:
    std::array<u32, 2> got_{};
};

constexpr std::array kScenarios{
    make<OldWindowAgainstNew<2>>("two claim one cell", 2),
    make<OldWindowAgainstNew<3>>("three claim one cell", 3, 0, std::nullopt, 2),
    make<ClaimAgainstLastDrop<false>>("claim against last release", 2),
    make<ClaimAgainstLastDrop<true>>("claim against last exit", 2),
    make<FindAgainstClaims<Find::kLookup>>("lookup against claims", 2),
    make<FindAgainstClaims<Find::kAcquire>>("acquire against claims", 2),
    make<FindAgainstClaims<Find::kReferences>>("references against claims", 2),
    make<ClaimBinds>("claim binds at once", 2),
    make<OldTodo>("allocate from an old block", 2),
    make<SameWordAgain>("claim of a word that came again", 2, 0, 2, 0),
    make<LateLowNumber<false>>("a late low number", 2),
    make<LateLowNumber<true>>("a late low number and a drop", 2),
    make<LowNumberInTheFirstLap>("a low number in the first lap", 2),
    make<SitsOutAgainstDrop<2>>("sit out against a drop", 2),
    make<SitsOutAgainstDrop<3>>("two sit out against a drop", 3, 0, 2, 0),
    make<TwoSitOut>("two sit out", 2),
    make<LateNumberOne>("a late number 1", 2),
};

}  // namespace

std::span<const Scenario> claims_scenarios() { return kScenarios; }

}  // namespace model::pid
