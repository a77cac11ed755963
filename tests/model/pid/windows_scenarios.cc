// Scenarios of the Pid hash: windows are initialised while others look into them.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// A hart takes the second window for the first time while others look into it.
enum class Into : u8 { kLookup, kAcquire, kIterate, kCount };
template <Into kHow>
struct FillAgainstFind : BigWorld {
    FillAgainstFind() { hold_low(); }
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
            check(live == 100 || live == 101, "nothing is counted but what is held");
        }
    }
};

/// Two harts take windows at once. With four windows both initialise; with two, of which the first
/// is full, one takes the last window and the other is through the whole lap before that is
/// initialised.
template <u32 kCellBits>
struct FillAgainstFill : WorldOf<kCellBits> {
    FillAgainstFill() {
        if (kCellBits == 10) {
            this->hold_all();
        } else {
            this->hold_low();
        }
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        const Result<u32> number = this->allocate(thread);
        check(number.ok() && number.value() >= 512, "numbers of further windows");
        this->check_held(number.value());
        got_[thread] = number.value();
    }
    void finish() override {
        WorldOf<kCellBits>::finish();
        check(got_[0] != got_[1], "each cell is given once");
    }

private:
    std::array<u32, 2> got_{};
};

/// T0 uses up the second window and finds all full; T1 is told so, and looks for itself.
struct FillAgainstFullHint : BigWorld {
    FillAgainstFullHint() { hold_all(); }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            for (;;) {
                const Result<u32> number = cells_.allocate(0, std::nullopt, 1, Nanos{});
                if (!number.ok()) break;
                numbers_.set(number.value());
            }
        } else {
            const Result<u32> number = cells_.allocate(1, std::nullopt, 1, Nanos{});
            check(number.ok() || number.error() == Error::kNoProcs, "all numbers are in use");
            if (number.ok()) last_ = number.value();
        }
    }
    void finish() override {
        check(!numbers_.test(last_), "each cell is given once");
        if (last_ != 0) numbers_.set(last_);
        check(numbers_.count() == kCells - kFirstWindow, "all numbers are given");
    }

private:
    std::bitset<kCells> numbers_;
    u32 last_ = 0;
};

constexpr std::array kScenarios{
    make<FillAgainstFind<Into::kLookup>>("fill against lookup", 2),
    make<FillAgainstFind<Into::kAcquire>>("fill against acquire", 2),
    make<FillAgainstFind<Into::kIterate>>("fill against iteration", 2),
    make<FillAgainstFind<Into::kCount>>("fill against counters", 2),
    make<FillAgainstFill<11>>("fill against fill", 2),
    make<FillAgainstFill<10>>("fill against the next lap", 2),
    make<FillAgainstFullHint>("fill against the hint that all is full", 2, 0, 0, 0),
};

}  // namespace

std::span<const Scenario> windows_scenarios() { return kScenarios; }

}  // namespace model::pid
