// Scenarios of the Pid hash: getting, keeping and dropping references, and what each publishes.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// T0 drops the last reference to 4; the others try to get one.
template <u32 kThreads>
struct AcquireAgainstLastRelease : World {
    AcquireAgainstLastRelease() {
        hold_all();
        give(0, 4);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 0) return release(0, 4);
        if (!acquire(thread, 4)) return;
        check_held(4);
        release(thread, 4);
    }
};

/// As before, and T2 is about to claim the very cell.
struct AcquireAgainstReuse : World {
    AcquireAgainstReuse() {
        hold_all();
        free({4});
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

/// The owner ends the process while holders come and go.
template <u32 kThreads>
struct DupReleaseExit : World {
    DupReleaseExit() {
        hold_all();
        give(0, 4);
        give(1, 4);
        cells_.bind(4, kSlot);
    }
    u32 threads() const override { return kThreads; }
    void run(u32 thread) override {
        if (thread == 0) {
            exit(0, 4, kSlot);
        } else if (thread == 1) {
            dup(1, 4);
            check_held(4);
            release(1, 4, 2);
        } else {
            const std::optional<SlotHint> hint = cells_.lookup(4);
            check(!hint || hint->slot == kSlot, "a lookup finds the slot that was bound");
            if (acquire(2, 4)) release(2, 4);
        }
    }
};

/// What T0 wrote before it bound the number is there for who finds it, in whatever way.
enum class Find : u8 { kLookup, kAcquire, kIterate };
template <Find kHow>
struct BindPublishes : World {
    BindPublishes() {
        hold_all();
        give(0, 6);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            process_.set(42);
            cells_.bind(6, kSlot);
        } else if (find()) {
            check(process_.get() == 42, "who finds a process sees all of it");
        }
    }

private:
    bool find() {
        if (kHow == Find::kIterate) return cells_.next_live(6).has_value();
        if (kHow == Find::kLookup) return cells_.lookup(6).has_value();
        if (!acquire(1, 6)) return false;
        const bool found = cells_.lookup(6).has_value();
        release(1, 6);
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
        free({4});
        warm(0);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            process_.set(42);
            check(allocate(0, kSlot).value() == next_of(4), "the only number there is");
        } else if (find()) {
            check(process_.get() == 42, "who finds a process sees all of it");
        }
    }

private:
    bool find() {
        check(!cells_.lookup(4), "who is gone is not found by his number");
        if (kHow == Publish::kLookup) return cells_.lookup(next_of(4)) == SlotHint{kSlot};
        if (kHow == Publish::kReferences) return cells_.references(next_of(4)) != 0;
        return acquire(1, next_of(4));
    }
    Var<u32> process_;
};

/// Two holders leave their work behind; who gets the cell next may touch it.
template <bool kExit>
struct DropOrders : World {
    DropOrders() {
        hold_all();
        free({4});
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
        give(0, 4);
        give(1, 4);
        if (kExit) cells_.bind(4, kSlot);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        work_[thread].set(1);
        // Who finds itself alone has seen the others leave.
        const bool alone = cells_.references(4) == 1;
        if (alone) check(work_[1 - thread].get() == 1, "who is alone sees what others did");
        if (kExit && thread == 0) return exit(0, 4, kSlot);
        release(thread, 4);
    }

private:
    std::array<Var<u32>, 2> work_;
};

/// T1 looks up a number that is bound, then goes: it may come once and go once.
struct LookupIsMonotone : World {
    LookupIsMonotone() {
        hold_all();
        give(0, 4);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            cells_.bind(4, kSlot);
            exit(0, 4, kSlot);
            return;
        }
        bool was = false;
        bool gone = false;
        for (u32 i = 0; i < 3; ++i) {
            const std::optional<SlotHint> hint = cells_.lookup(4);
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
        give(0, 4);
        if (kExit) cells_.bind(4, kSlot);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            work_.set(1);
            return kExit ? exit(0, 4, kSlot) : release(0, 4);
        }
        if (acquire(1, 4)) return release(1, 4);
        check(work_.get() == 1, "who finds a number gone sees what its holder did");
    }

private:
    Var<u32> work_;
};

/// What has more bits than a number is nobody, whoever has the number of its other bits.
struct NoNumber : World {
    NoNumber() {
        hold_all();
        give(0, 4);
        cells_.bind(4, kSlot);
    }
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) return exit(0, 4, kSlot);
        for (const u32 number : {~u32{0}, ~u32{0} - 3, u32{1} << 31, (u32{1} << 31) + 4}) {
            check(!cells_.lookup(number), "what is no number is nobody");
            check(cells_.references(number) == 0, "what is no number is nobody");
            check(!cells_.acquire(number), "what is no number is nobody");
        }
    }
};

constexpr std::array kScenarios{
    make<AcquireAgainstLastRelease<2>>("acquire against last release", 2),
    make<AcquireAgainstLastRelease<3>>("two acquire against last release", 3),
    make<AcquireAgainstReuse>("acquire against reuse of the cell", 3),
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
    make<NoNumber>("what is no number is nobody's", 2),
};

}  // namespace

std::span<const Scenario> references_scenarios() { return kScenarios; }

}  // namespace model::pid
