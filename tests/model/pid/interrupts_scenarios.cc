// Scenarios of the Pid hash: handlers inside operations on the same number, and everything at once.
#include "tests/model/pid/scenarios.h"
#include "tests/model/pid/world.h"

namespace model::pid {
namespace {

constexpr u32 kSlot = 5;

/// Handlers that look at and hold the number that the interrupted thread is working at.
enum class Interrupted : u8 { kAllocate, kBind, kExit, kRelease };
template <Interrupted kWhat, u32 kThreads>
struct Interrupts : World {
    Interrupts() {
        hold_all();
        if (kWhat == Interrupted::kAllocate) {
            free({4});
            warm(0);
        } else {
            give(0, 4);
            if (kWhat == Interrupted::kExit) cells_.bind(4, kSlot);
        }
    }
    u32 threads() const override { return kThreads; }
    u32 interrupts(u32 thread) const override { return thread != 0 ? 0 : kThreads == 1 ? 3 : 1; }
    void run(u32 thread) override {
        if (thread == 1) return probe(1);
        process_.set(42);
        if (kWhat == Interrupted::kAllocate) check(allocate(0, kSlot).ok(), "one cell is free");
        if (kWhat == Interrupted::kBind) cells_.bind(4, kSlot);
        if (kWhat == Interrupted::kExit) exit(0, 4, kSlot);
        if (kWhat == Interrupted::kRelease) release(0, 4);
    }
    void interrupt(u32, u32) override { probe(0); }

private:
    void probe(u32 thread) {
        const u32 number = kWhat == Interrupted::kAllocate ? next_of(4) : 4;
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
template <bool kRandom>
struct WrapTorture : World {
    WrapTorture() {
        hold_all();
        free({4, 5, 6});
        // Up to the last generations.
        for (u32 i = 0; i < 15; ++i) {
            cells_.release(cells_.allocate(3, std::nullopt, 1, Nanos{}).value(), 1);
        }
        for (u32 hart = 0; hart < 3; ++hart) warm(hart);
        if (kRandom) cells_.set_random(100);
        accounted_ = false;
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
    u32 some_number() { return 4 + choose(3) + kCells * choose(8); }

    void make(u32 thread, Mine& mine) {
        if (mine.own != 0) return;
        const Result<u32> number = cells_.allocate(thread, std::nullopt, 1, Nanos{});
        if (!number.ok()) return;
        check(owner_[number.value()] == 0, "a number has one owner");
        check(number.value() >= kCells, "low numbers are given once");
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
    std::array<u32, kCells * 8> owner_{};  // plain: for random walks only
    std::array<Var<u32>, kCells * 8> birth_;
};

constexpr std::array kScenarios{
    make<Interrupts<Interrupted::kAllocate, 1>>("interrupts in allocate", 1),
    make<Interrupts<Interrupted::kAllocate, 2>>("interrupts in allocate, and a thread", 2),
    make<Interrupts<Interrupted::kBind, 1>>("interrupts in bind", 1),
    make<Interrupts<Interrupted::kBind, 2>>("interrupts in bind, and a thread", 2),
    make<Interrupts<Interrupted::kExit, 1>>("interrupts in exit", 1),
    make<Interrupts<Interrupted::kExit, 2>>("interrupts in exit, and a thread", 2),
    make<Interrupts<Interrupted::kRelease, 1>>("interrupts in release", 1),
    make<Interrupts<Interrupted::kRelease, 2>>("interrupts in release, and a thread", 2),
    make<WrapTorture<false>>("wrap torture", 3, 20'000),
    make<WrapTorture<true>>("wrap torture with random numbers", 3, 10'000),
};

}  // namespace

std::span<const Scenario> interrupts_scenarios() { return kScenarios; }

}  // namespace model::pid
