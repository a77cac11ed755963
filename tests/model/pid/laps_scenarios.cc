// Scenarios of the Pid hash: stamps of laps, and the gate.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

/// Harts use numbers up as fast as the gate lets them, while time goes by slowly: a number comes
/// back only when its delay is over. Its state is plain: for random walks only.
struct LapStamps : World {
    static constexpr u64 kDelay = 100;
    static PidOptions with_delay(PidOptions options) {
        options.number_bits = 7;  // 16 generations, so that two harts are allowed a delay
        options.reuse_delay = Nanos{kDelay};
        return options;
    }

    LapStamps() : World(with_delay) {
        hold_all();
        free({4, 5});
        for (u32 lap = 0; lap < 10; ++lap) use(3);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        for (u32 i = 0; i < 16; ++i) use(thread);
    }
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
    std::array<u64, kCells * 16> dropped_at_{};
};

/// T0 enters a stamped lap while T1, which read its clock earlier, tries the same.
struct StampStays : World {
    static constexpr u64 kEarly = 240;
    static constexpr u64 kLate = 250;

    StampStays() : World(LapStamps::with_delay) {
        hold_all();
        free({4});
        // To the end of lap 3; lap 4 is stamped.
        while (cells_.counters().wraps != 3) use(3, 1);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 1) {
            use(1, kEarly);
        } else {
            use(0, kLate);
            alone_ = laps() == 1;
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
    u32 last_number() const {
        return PidWord(memory_.cell(4).load(std::memory_order_relaxed), kCells - 1).number(4);
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
        free({4});
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
        check_held(5);  // a step, so that what follows comes after T0
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

/// T0 finds its window full and the gate closed, while T1 frees a number: the hint that is set may
/// be stale. The gate lets through one step of laps at a time; who was turned away finds the number
/// in the first of them.
struct StaleHintAtTheGate : World {
    static constexpr u64 kStep = 1000;
    static PidOptions with_long_delay(PidOptions options) {
        options = LapStamps::with_delay(options);
        options.reuse_delay = Nanos{5 * kStep};
        return options;
    }

    StaleHintAtTheGate() : World(with_long_delay) {
        hold_all();
        free({4});
        // A step has two laps, and each step is entered when its gate opens. To the end of step 6,
        // the last of whose laps is hart 0's.
        while (cells_.counters().wraps != 12) {
            cells_.release(cells_.allocate(0, std::nullopt, 1, now()).value(), 1);
        }
        held_ = allocate(0, {}, 1, now()).value();
        check(cells_.counters().wraps == 13, "setup is at the end of a step");
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 1) return release(1, held_);
        const Result<u32> number = allocate(0, {}, 1, Nanos{7 * kStep - 1});
        check(!number.ok() && number.error() == Error::kPidTooSoon, "the gate is closed");
    }
    void finish() override {
        check(cells_.opens_at().value == 7 * kStep, "a gate opens when the delay is over");
        const Result<u32> number = allocate(0, {}, 1, cells_.opens_at());
        check(number.ok() && number.value() % kCells == 4, "a free number is found in time");
        World::finish();
    }

private:
    Nanos now() const { return {(cells_.counters().wraps + 1) / 2 * kStep}; }

    u32 held_ = 0;
};

/// Two come to a closed gate: both are told, and told when it opens.
struct ClosedGate : StaleHintAtTheGate {
    void run(u32 thread) override {
        const Result<u32> number = allocate(thread, {}, 1, Nanos{7 * kStep - 1});
        check(!number.ok() && number.error() == Error::kPidTooSoon, "the gate is closed");
        check(cells_.opens_at().value == 7 * kStep, "who is turned away knows until when");
    }
    void finish() override { World::finish(); }
};

constexpr std::array kScenarios{
    make<LapStamps>("laps and stamps", 2, 10'000),
    make<StampStays>("two enter a stamped lap", 2, 0, std::nullopt, 1),
    make<StaleHintAtTheGate>("a stale hint at the gate", 2),
    make<ClosedGate>("a closed gate", 2),
    make<SleeperAtTheGate>("a sleeper at the gate", 2, 20'000, 0, 0),
};

}  // namespace

std::span<const Scenario> laps_scenarios() { return kScenarios; }

}  // namespace model::pid
