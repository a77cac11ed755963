// Scenarios of the Pid hash: what threads do, and what must hold whatever the order.
#include "tests/model/pid/scenarios.h"

#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// T0 drops the last reference to 10; the others try to get one.
template <u32 kThreads>
struct AcquireAgainstLastRelease : World {
    AcquireAgainstLastRelease() {
        hold_all();
        give(0, 10);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 0) return release(0, 10);
        if (!acquire(thread, 10)) return;
        check_held(10);
        release(thread, 10);
    }
};

/// As before, and T2 is about to claim the very cell.
struct AcquireAgainstReuse : World {
    AcquireAgainstReuse() {
        hold_all();
        free({10});
        warm(2);
        held_ = allocate(0).value();
    }
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) {
            release(0, held_);
        } else if (thread == 1) {
            if (!acquire(1, held_)) return;
            check_held(held_);
            check(cells_.references(next_of(held_)) == 0, "a held number has no twin");
            release(1, held_);
        } else {
            const Result<u32> number = allocate(2);
            if (number.ok()) check(number.value() == next_of(held_), "a cell steps its generation");
        }
    }

private:
    u32 held_ = 0;
};

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

/// The owner ends the process while holders come and go.
template <u32 kThreads>
struct DupReleaseExit : World {
    DupReleaseExit() {
        hold_all();
        give(0, 10);
        give(1, 10);
        cells_.bind(10, kSlot);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 0) {
            exit(0, 10, kSlot);
        } else if (thread == 1) {
            dup(1, 10);
            check_held(10);
            release(1, 10, 2);
        } else {
            const std::optional<SlotHint> hint = cells_.lookup(10);
            check(!hint || hint->slot == kSlot, "a lookup finds the slot that was bound");
            if (acquire(2, 10)) release(2, 10);
        }
    }
};

/// What T0 wrote before it bound the number is there for who finds it, in whatever way.
enum class Find : u8 { kLookup, kAcquire, kIterate };
template <Find kHow>
struct BindPublishes : World {
    BindPublishes() {
        hold_all();
        give(0, 62);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            process_.set(42);
            cells_.bind(62, kSlot);
        } else if (find()) {
            check(process_.get() == 42, "who finds a process sees all of it");
        }
    }

private:
    bool find() {
        if (kHow == Find::kIterate) return cells_.next_live(62).has_value();
        if (kHow == Find::kLookup) return cells_.lookup(62).has_value();
        if (!acquire(1, 62)) return false;
        const bool found = cells_.lookup(62).has_value();
        release(1, 62);
        return found;
    }
    Var<u32> process_;
};

/// The same for a number that is allocated with its slot, and for one that is only counted.
enum class Publish : u8 { kLookup, kReferences, kAcquire };
template <Publish kHow>
struct AllocatePublishes : World {
    AllocatePublishes() {
        hold_all();
        free({10});
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            process_.set(42);
            check(allocate(0, kSlot).value() == next_of(10), "the only number there is");
        } else if (find()) {
            check(process_.get() == 42, "who finds a process sees all of it");
        }
    }

private:
    bool find() {
        check(!cells_.lookup(10), "who is gone is not found by his number");
        if (kHow == Publish::kLookup) return cells_.lookup(next_of(10)) == SlotHint{kSlot};
        if (kHow == Publish::kReferences) return cells_.references(next_of(10)) != 0;
        return acquire(1, next_of(10));
    }
    Var<u32> process_;
};

/// Two holders leave their work behind; who gets the cell next may touch it.
template <bool kExit>
struct DropOrders : World {
    DropOrders() {
        hold_all();
        free({10});
        warm(2);  // so T2 begins by claiming the very cell
        held_ = allocate(0).value();
        give(1, held_);
        if (kExit) cells_.bind(held_, kSlot);
    }
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 2) {
            const Result<u32> number = allocate(2);
            if (!number.ok()) return;
            for (Var<u32>& work : work_) work.set(work.get() + 1);
            return;
        }
        work_[thread].set(1);
        if (kExit && thread == 0) return exit(0, held_, kSlot);
        release(thread, held_);
    }

private:
    u32 held_ = 0;
    std::array<Var<u32>, 2> work_;
};

/// Who drops last comes after those who dropped before: it cleans up for all.
template <bool kExit>
struct LastDropperComesLast : World {
    LastDropperComesLast() {
        hold_all();
        give(0, 10);
        give(1, 10);
        if (kExit) cells_.bind(10, kSlot);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        work_[thread].set(1);
        // Who finds itself alone has seen the others leave.
        const bool alone = cells_.references(10) == 1;
        if (alone) check(work_[1 - thread].get() == 1, "who is alone sees what others did");
        if (kExit && thread == 0) return exit(0, 10, kSlot);
        release(thread, 10);
    }

private:
    std::array<Var<u32>, 2> work_;
};

/// T1 looks up a number that is bound, then goes: it may come once and go once.
struct LookupIsMonotone : World {
    LookupIsMonotone() {
        hold_all();
        give(0, 10);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            cells_.bind(10, kSlot);
            exit(0, 10, kSlot);
            return;
        }
        bool was = false;
        bool gone = false;
        for (u32 i = 0; i < 3; ++i) {
            const std::optional<SlotHint> hint = cells_.lookup(10);
            check(!hint || hint->slot == kSlot, "a lookup finds the slot that was bound");
            check(!(gone && hint), "who was gone does not come back");
            gone = gone || (was && !hint);
            was = was || hint.has_value();
        }
    }
};

/// Who finds a number gone sees what led to that.
template <bool kExit>
struct FoundGone : World {
    FoundGone() {
        hold_all();
        give(0, 10);
        if (kExit) cells_.bind(10, kSlot);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            work_.set(1);
            return kExit ? exit(0, 10, kSlot) : release(0, 10);
        }
        if (acquire(1, 10)) return release(1, 10);
        check(work_.get() == 1, "who finds a number gone sees what its holder did");
    }

private:
    Var<u32> work_;
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

/// A hart takes the second window for the first time while others look into it.
enum class Into : u8 { kLookup, kAcquire, kIterate, kCount };
template <Into kHow>
struct FillAgainstFind : BigWorld {
    FillAgainstFind() { hold_all(); }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            check(allocate(0, kSlot).value() == 512, "the first of the second window");
            return;
        }
        if (kHow == Into::kLookup) {
            const std::optional<SlotHint> hint = cells_.lookup(512);
            check(!hint || hint->slot == kSlot, "nothing is found but what was bound");
        } else if (kHow == Into::kAcquire) {
            if (acquire(1, 512)) release(1, 512);
        } else if (kHow == Into::kIterate) {
            const std::optional<LivePid> live = cells_.next_live(512);
            check(!live || (live->number == 512 && live->slot == kSlot),
                  "nothing is met but what was bound");
        } else {
            const u32 live = cells_.counters().live;
            check(live == 511 || live == 512, "nothing is counted but what is held");
        }
    }
};

/// Two harts leave the first window at once. With four windows both initialise; with two, one takes
/// the last window and the other is through the whole lap before that is initialised.
template <u32 kCellBits>
struct FillAgainstFill : WorldOf<kCellBits> {
    FillAgainstFill() { this->hold_all(); }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = this->allocate(thread);
        check(number.ok() && number.value() >= 512, "numbers of further windows");
        this->check_held(number.value());
        got_[thread] = number.value();
    }
    void finish() override { check(got_[0] != got_[1], "each cell is given once"); }

private:
    std::array<u32, 2> got_{};
};

/// T0 uses up the second window and finds all full; T1 is told so, and looks for itself.
struct FillAgainstFullHint : BigWorld {
    FillAgainstFullHint() { hold_all(); }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            while (cells_.allocate(0, std::nullopt, 1, Nanos{}).ok()) {
            }
        } else {
            const Result<u32> number = cells_.allocate(1, std::nullopt, 1, Nanos{});
            check(number.ok() || number.error() == Error::kNoProcs, "all numbers are in use");
        }
    }
    void finish() override {}
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

/// Harts use numbers up as fast as the gate lets them, while time goes by slowly: a number comes
/// back only when its delay is over. Its state is plain: for random walks only.
struct LapStamps : World {
    static constexpr u64 kDelay = 100;
    static PidOptions with_delay(PidOptions options) {
        options.number_bits = 10;  // 16 generations, so that two harts are allowed a delay
        options.reuse_delay = Nanos{kDelay};
        return options;
    }

    LapStamps() : World(with_delay) {
        hold_all();
        free({10, 11});
        for (u32 lap = 0; lap < 10; ++lap) use(3);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        for (u32 i = 0; i < 16; ++i) use(thread);
    }
    void watch() override {}
    void finish() override {}

private:
    /// Takes a number and drops it.
    void use(u32 hart) {
        const u64 began = time_;
        const Result<u32> number = cells_.allocate(hart, std::nullopt, 1, Nanos{began});
        if (!number.ok()) {
            if (number.error() == Error::kPidTooSoon) {
                time_ = std::max(time_, cells_.opens_at().value);
            }
            return;
        }
        u64& dropped = dropped_at_[number.value()];
        check(dropped == 0 || time_ >= dropped + kDelay,
              "a number comes back only after its delay");
        time_ += choose(4);
        dropped = time_;
        cells_.release(number.value(), 1);
    }

    u64 time_ = 1;
    std::array<u64, 1024> dropped_at_{};
};

/// T0 enters a stamped lap while T1, which read its clock earlier, tries the same.
struct StampStays : World {
    static constexpr u64 kEarly = 240;
    static constexpr u64 kLate = 250;

    StampStays() : World(LapStamps::with_delay) {
        hold_all();
        free({10});
        // To the end of lap 3; lap 4 is stamped.
        while (laps() != 4) use(3, 1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 1) {
            use(1, kEarly);
        } else {
            use(0, kLate);
            alone_ = laps() == 5;
        }
    }
    void finish() override {
        // The gate of lap 16 tells the stamp of lap 4.
        while (cells_.allocate(3, std::nullopt, 1, Nanos{kLate}).ok()) {
            cells_.release(last_number(), 1);
        }
        const u64 stamp = cells_.opens_at().value - LapStamps::kDelay;
        check(stamp == kLate || (stamp == kEarly && !alone_),
              "a stamp is not older than who entered the lap");
    }

private:
    u64 laps() const { return cells_.counters().wraps + 1; }
    u32 last_number() const {
        return PidWord(memory_.cell(10).load(std::memory_order_relaxed), kCells - 1).number(10);
    }
    void use(u32 hart, u64 now) {
        const Result<u32> number = cells_.allocate(hart, std::nullopt, 1, Nanos{now});
        if (number.ok()) cells_.release(number.value(), 1);
    }

    bool alone_ = false;  // T0 moved the cursor, nobody else
};

/// T0 stamps a lap and goes on until the gate looks at that stamp; then T1, which slept, must find
/// the gate closed. For walks without preemption.
struct SleeperAtTheGate : World {
    static constexpr u64 kNow = 1000;

    SleeperAtTheGate() : World(LapStamps::with_delay) {
        hold_all();
        free({10});
        // To the end of lap 2. Lap 4 is stamped, and the gate of lap 16 looks at that.
        while (cells_.counters().wraps != 2) use(3, 1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            for (u32 lap = 3; lap < 16; ++lap) use(0, kNow);
            at_the_gate_ = true;
            return;
        }
        check_held(9);  // a step, so that what follows comes after T0
        const bool closed = at_the_gate_;
        const Result<u32> number =
            cells_.allocate(1, std::nullopt, 1, Nanos{kNow + LapStamps::kDelay - 1});
        if (closed) check(!number.ok(), "a gate is closed for the whole delay");
        if (number.ok()) cells_.release(number.value(), 1);
    }
    void finish() override {}

private:
    void use(u32 hart, u64 now) {
        const Result<u32> number = cells_.allocate(hart, std::nullopt, 1, Nanos{now});
        if (number.ok()) cells_.release(number.value(), 1);
    }
    bool at_the_gate_ = false;
};

/// Handlers that look at and hold the number that the interrupted thread is working at.
enum class Interrupted : u8 { kAllocate, kBind, kExit, kRelease };
template <Interrupted kWhat, u32 kThreads>
struct Interrupts : World {
    Interrupts() {
        hold_all();
        if (kWhat == Interrupted::kAllocate) {
            free({10});
            warm(0);
        } else {
            give(0, 10);
            if (kWhat == Interrupted::kExit) cells_.bind(10, kSlot);
        }
    }
    u32 threads() const override { return kThreads; }
    u32 interrupts(u32 thread) const override { return thread != 0 ? 0 : kThreads == 1 ? 3 : 1; }
    void run(u32 thread) override {
        if (thread == 1) return probe(1);
        process_.set(42);
        if (kWhat == Interrupted::kAllocate) check(allocate(0, kSlot).ok(), "one cell is free");
        if (kWhat == Interrupted::kBind) cells_.bind(10, kSlot);
        if (kWhat == Interrupted::kExit) exit(0, 10, kSlot);
        if (kWhat == Interrupted::kRelease) release(0, 10);
    }
    void interrupt(u32, u32) override { probe(0); }

private:
    void probe(u32 thread) {
        const u32 number = kWhat == Interrupted::kAllocate ? next_of(10) : 10;
        const std::optional<SlotHint> hint = cells_.lookup(number);
        check(!hint || hint->slot == kSlot, "a lookup finds the slot that was bound");
        if (hint && kWhat != Interrupted::kExit) {
            check(process_.get() == 42, "who finds a process sees all of it");
        }
        if (!acquire(thread, number)) return;
        if (kThreads == 1) {
            dup(thread, number);
            check_held(number);
            release(thread, number);
        }
        release(thread, number);
    }
    Var<u32> process_;
};

/// Three threads do whatever they may, with few cells, until numbers wrap.
struct WrapTorture : World {
    WrapTorture() {
        hold_all();
        free({10, 11, 12});
        // Up to the last generations.
        for (u32 i = 0; i < 15; ++i) {
            cells_.release(cells_.allocate(3, std::nullopt, 1, Nanos{}).value(), 1);
        }
        for (u32 hart = 0; hart < 3; ++hart) warm(hart);
    }
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        Mine& mine = mine_[thread];
        for (u32 i = 0; i < 16; ++i) {
            switch (choose(6)) {
                case 0:
                case 1:
                    make(thread, mine);
                    break;
                case 2:
                    end(thread, mine);
                    break;
                case 3:
                    find(thread, mine);
                    break;
                case 4:
                    if (mine.shared != 0) {
                        check_held(mine.shared);
                        drop(thread, mine.shared);
                        mine.shared = 0;
                    }
                    break;
                default:
                    look();
            }
        }
        if (mine.own != 0) end(thread, mine);
        if (mine.shared != 0) drop(thread, mine.shared);
    }

private:
    struct Mine {
        u32 own = 0;
        u32 slot = 0;
        u32 shared = 0;
    };
    u32 some_number() { return 10 + choose(3) + 64 * choose(8); }

    void make(u32 thread, Mine& mine) {
        if (mine.own != 0) return;
        const Result<u32> number = cells_.allocate(thread, std::nullopt, 1, Nanos{});
        if (!number.ok()) return;
        check(owner_[number.value()] == 0, "a number has one owner");
        check(number.value() >= 64, "low numbers are given once");
        owner_[number.value()] = thread + 1;
        mine.own = number.value();
        mine.slot = 1 + thread;
        birth_[mine.own].set(thread);
        cells_.bind(mine.own, mine.slot);
    }
    void end(u32 thread, Mine& mine) {
        if (mine.own == 0) return;
        check(owner_[mine.own] == thread + 1, "a number has one owner");
        check(cells_.lookup(mine.own) == SlotHint{mine.slot}, "the owner finds its process");
        owner_[mine.own] = 0;
        cells_.exit(mine.own, mine.slot, 1);
        mine.own = 0;
    }
    void find(u32 thread, Mine& mine) {
        const u32 number = some_number();
        if (mine.shared != 0 || !cells_.acquire(number)) return;
        mine.shared = number;
        if (choose(2) == 0) {
            cells_.dup(number);
            drop(thread, number);
        }
        // Who was found has been made by its owner, and nobody makes it again while we hold it.
        if (const auto hint = cells_.lookup(number)) {
            check(birth_[number].get() + 1 == hint->slot, "a process is what its owner made");
        }
    }
    void drop(u32, u32 number) { cells_.release(number, 1); }
    void look() {
        const u32 number = some_number();
        const std::optional<SlotHint> hint = cells_.lookup(number);
        check(!hint || (hint->slot >= 1 && hint->slot <= 3), "a lookup finds a slot that is used");
    }

    std::array<Mine, 3> mine_{};
    std::array<u32, 512> owner_{};  // plain: for random walks only
    std::array<Var<u32>, 512> birth_;
};

template <class P>
constexpr Scenario make(const char* name, u32 threads, u64 walks = 0,
                        std::optional<u32> sequential = std::nullopt,
                        std::optional<u32> weak = std::nullopt) {
    return {name,
            threads,
            [](const Bounds& bounds) { return explore<P>(bounds); },
            [](const Walk& how) { return walk<P>(how); },
            walks,
            sequential,
            weak};
}

constexpr std::array kScenarios{
    make<AcquireAgainstLastRelease<2>>("acquire against last release", 2),
    make<AcquireAgainstLastRelease<3>>("two acquire against last release", 3),
    make<AcquireAgainstReuse>("acquire against reuse of the cell", 3),
    make<AllocateAgainstAllocate<2>>("two allocate in one word", 2),
    make<AllocateAgainstAllocate<3>>("three allocate, two cells are free", 3),
    make<AllocateCold>("two move the cursor", 2),
    make<DupReleaseExit<2>>("exit against dup and release", 2),
    make<DupReleaseExit<3>>("exit against dup, release and acquire", 3),
    make<BindPublishes<Find::kLookup>>("bind publishes to lookup", 2),
    make<BindPublishes<Find::kAcquire>>("bind publishes to holders", 2),
    make<BindPublishes<Find::kIterate>>("bind publishes to iteration", 2),
    make<AllocatePublishes<Publish::kLookup>>("allocate publishes to lookup", 2),
    make<AllocatePublishes<Publish::kReferences>>("allocate publishes to references", 2),
    make<AllocatePublishes<Publish::kAcquire>>("allocate publishes to acquire", 2),
    make<DropOrders<false>>("release orders work before reuse", 3),
    make<DropOrders<true>>("exit orders work before reuse", 3),
    make<LastDropperComesLast<false>>("who is alone has seen releases", 2),
    make<LastDropperComesLast<true>>("who is alone has seen exits", 2),
    make<LookupIsMonotone>("lookup is monotone", 2),
    make<FoundGone<false>>("who finds a number gone sees the release", 2),
    make<FoundGone<true>>("who finds a number gone sees the exit", 2),
    make<NotReusedAtOnce>("no number is reused at once", 2),
    make<FillAgainstFind<Into::kLookup>>("fill against lookup", 2),
    make<FillAgainstFind<Into::kAcquire>>("fill against acquire", 2),
    make<FillAgainstFind<Into::kIterate>>("fill against iteration", 2),
    make<FillAgainstFind<Into::kCount>>("fill against counters", 2),
    make<FillAgainstFill<11>>("fill against fill", 2),
    make<FillAgainstFill<10>>("fill against the next lap", 2),
    make<FillAgainstFullHint>("fill against the hint that all is full", 2, 0, 0, 0),
    make<LowNumbers<2>>("low numbers", 2),
    make<LowNumbers<3>>("low numbers and number 1", 3),
    make<EndOfLowNumbers>("end of the low numbers", 2),
    make<FullTable<2>>("full table", 2, 0, std::nullopt, 1),
    make<FullTable<3>>("full table, three ask", 3, 0, 3, 0),
    make<Iteration>("iteration under change", 2),
    make<CellZero>("cell 0 is nobody's", 2),
    make<LapStamps>("laps and stamps", 2, 10'000),
    make<SleeperAtTheGate>("a sleeper at the gate", 2, 20'000, 0, 0),
    make<StampStays>("two enter a stamped lap", 2, 0, std::nullopt, 1),
    make<Interrupts<Interrupted::kAllocate, 1>>("interrupts in allocate", 1),
    make<Interrupts<Interrupted::kAllocate, 2>>("interrupts in allocate, and a thread", 2),
    make<Interrupts<Interrupted::kBind, 1>>("interrupts in bind", 1),
    make<Interrupts<Interrupted::kBind, 2>>("interrupts in bind, and a thread", 2),
    make<Interrupts<Interrupted::kExit, 1>>("interrupts in exit", 1),
    make<Interrupts<Interrupted::kExit, 2>>("interrupts in exit, and a thread", 2),
    make<Interrupts<Interrupted::kRelease, 1>>("interrupts in release", 1),
    make<Interrupts<Interrupted::kRelease, 2>>("interrupts in release, and a thread", 2),
    make<WrapTorture>("wrap torture", 3, 20'000),
};

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

const Scenario& scenario(std::string_view name) {
    for (const Scenario& candidate : kScenarios) {
        if (candidate.name == name) return candidate;
    }
    std::abort();
}

}  // namespace model::pid
