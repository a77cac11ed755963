// The programs that relacy runs: a few threads on two cells of the Pid hash, and data beside them.
#pragma once

#include "tests/proof/relacy/relacy_atomics.h"

namespace pid_proof {

using pid::BasicPidCells;
using pid::PidOptions;
using pid::PidSize;
using pid::SlotHint;

/// A hash of four cells of which two are free, 2 and 3: cell 0 is nobody's, and number 1 is held.
/// So allocations meet, and numbers come back at once: 2, 3, then 6, 7, 10, ... 31; then the cells
/// sit out 2 and 3, and it is 6 again.
///
/// Beside each slot and each cell stands plain data, as a process does: relacy fails an execution
/// in which two threads use it without an order between them.
template <Weaken kWeaken>
class TwoCells {
    using Policy = RelacyAtomics<kWeaken>;
    using Cells = BasicPidCells<Policy>;

public:
    static constexpr u32 kCellBits = 2;
    static constexpr u32 kCells = 1 << kCellBits;
    static constexpr u32 kFirst = 2;
    static constexpr u32 kNumberBits = 5;
    static constexpr u32 kGenerations = 1 << (kNumberBits - kCellBits);

    TwoCells() {
        PidOptions options;
        options.size = PidSize{kCellBits};
        options.number_bits = kNumberBits;
        options.reuse_delay = Nanos{0};
        options.cells = {cell_memory_, sizeof cell_memory_};
        options.hints = {hint_memory_, sizeof hint_memory_};
        cells_.emplace(options);
        RL_ASSERT(cells_->allocate_first(std::nullopt, 1).ok());
    }
    ~TwoCells() {
        cells_.reset();
        // relacy knows each of its atomics; the hash never destroys its cells.
        for (u32 i = 0; i < kCells; ++i) std::destroy_at(cell() + i);
        std::destroy_at(hint());
    }

    Cells& cells() { return *cells_; }

    /// A process of our own in `slot`: its number, or 0 if none is free.
    u32 make(u32 hart, u32 slot, u32 references = 1) {
        const Result<u32> outcome = cells().allocate(hart, std::nullopt, references, Nanos{0});
        if (!outcome.ok()) return 0;
        const u32 number = outcome.value();
        own(number);
        born_[slot]($) = 1;
        process_[slot]($) = number;
        cells().bind(number, slot);
        return number;
    }
    /// One that is complete before it has a number, and found as soon as it has.
    u32 make_at_once(u32 hart, u32 slot) {
        born_[slot]($) = 1;
        const Result<u32> outcome = cells().allocate(hart, slot, 1, Nanos{0});
        return outcome.ok() ? outcome.value() : 0;
    }
    void end(u32 number, u32 slot, u32 references = 1) {
        use(number);
        cells().exit(number, slot, references);
    }
    /// Looks `number` up; who is found is complete, and is who was asked for. A slot is used once
    /// in each scenario that looks, so its process does not change under us.
    void find(u32 number) {
        if (const std::optional<SlotHint> hint = cells().lookup(number)) {
            RL_ASSERT(u32(process_[hint->slot]($)) == number);
        }
    }
    /// The same, of processes that were made at once.
    void meet(u32 number) {
        if (const std::optional<SlotHint> hint = cells().lookup(number)) {
            RL_ASSERT(u32(born_[hint->slot]($)) == 1);
        }
    }
    /// What a holder of `number` may do once it has been bound: look at what its owner left.
    void use(u32 number) { RL_ASSERT(u32(owned_[number % kCells - kFirst]($)) == number); }
    /// Joins `number` if it can, uses it if it is bound (it may not be yet), and leaves it.
    void visit(u32 number) {
        if (!cells().acquire(number)) return;
        RL_ASSERT(cells().references(number) >= 1);
        if (cells().lookup(number)) use(number);
        cells().release(number, 1);
    }

private:
    void own(u32 number) {
        RL_ASSERT(number % kCells == kFirst || number % kCells == kFirst + 1);
        owned_[number % kCells - kFirst]($) = number;
    }
    auto cell() { return reinterpret_cast<typename Cells::Cell*>(cell_memory_); }
    auto hint() { return reinterpret_cast<typename Cells::HintWord*>(hint_memory_); }

    std::optional<Cells> cells_;
    rl::var<u32> owned_[2];
    rl::var<u32> process_[kCells - 1];
    rl::var<u32> born_[kCells - 1];
    alignas(64) std::byte cell_memory_[kCells * sizeof(typename Cells::Cell)];
    alignas(64) std::byte hint_memory_[sizeof(typename Cells::HintWord)];
};

/// The world of a scenario. relacy makes scenarios in memory that is not aligned for the hash.
template <Weaken kWeaken>
class World {
public:
    World() : world_(std::construct_at(reinterpret_cast<TwoCells<kWeaken>*>(memory_))) {}
    ~World() { std::destroy_at(world_); }
    TwoCells<kWeaken>* operator->() { return world_; }

private:
    alignas(TwoCells<kWeaken>) static inline std::byte memory_[sizeof(TwoCells<kWeaken>)];
    TwoCells<kWeaken>* world_;
};

/// A process ends and its number's cell is taken again, while another looks both numbers up.
template <Weaken kWeaken>
struct FindAgainstReuse : rl::test_suite<FindAgainstReuse<kWeaken>, 2> {
    static constexpr const char* kName = "lookup against exit and reuse";
    World<kWeaken> world;
    u32 first = 0;

    void before() { first = world->make(0, 0); }
    void thread(unsigned index) {
        if (index == 0) {
            world->end(first, 0);
            RL_ASSERT(world->make(0, 1) != 0);
            RL_ASSERT(world->make(0, 2) != 0);
        } else {
            world->find(2);
            world->find(6);
            world->find(3);
        }
    }
};

/// The last holder leaves and the cell is taken again, while another tries to join.
template <Weaken kWeaken>
struct AcquireAgainstExit : rl::test_suite<AcquireAgainstExit<kWeaken>, 2> {
    static constexpr const char* kName = "acquire against exit and reuse";
    World<kWeaken> world;
    u32 first = 0;

    void before() { first = world->make(0, 0); }
    void thread(unsigned index) {
        if (index == 0) {
            world->end(first, 0);
            RL_ASSERT(world->make(0, 1) != 0);
            (void)world->make(0, 2);  // ignored: none is free while the other holds the number
        } else {
            world->visit(2);
            world->visit(6);
        }
    }
    void after() { RL_ASSERT(world->cells().references(2) == 0); }
};

/// Two harts make and end processes on the same two cells.
///
/// There is one for each, and yet one may be refused: it sees one cell held by the other, and then
/// the other cell, which that one has gone on to meanwhile. But not if the other never had any.
template <Weaken kWeaken>
class TwoMakers {
public:
    TwoCells<kWeaken>* operator->() { return world_.operator->(); }

    void work(unsigned index) {
        const u32 first = world_->make(index, index);
        if (first != 0) world_->end(first, index);
        kept_[index] = world_->make(index, index);
        made_[index] = (first != 0) + (kept_[index] != 0);
    }
    void judge() const {
        RL_ASSERT(made_[0] + made_[1] >= 2);
        RL_ASSERT(kept_[0] == 0 || kept_[1] == 0 || kept_[0] % 4 != kept_[1] % 4);
    }

private:
    World<kWeaken> world_;
    u32 kept_[2] = {};
    u32 made_[2] = {};
};

template <Weaken kWeaken>
struct AllocateAgainstAllocate : rl::test_suite<AllocateAgainstAllocate<kWeaken>, 2> {
    static constexpr const char* kName = "allocate against allocate";
    TwoMakers<kWeaken> makers;

    void thread(unsigned index) { makers.work(index); }
    void after() { makers.judge(); }
};

/// The same later: one hart has an old list of what was free in its window, the other a new one.
template <Weaken kWeaken>
struct ClaimAgainstClaim : rl::test_suite<ClaimAgainstClaim<kWeaken>, 2> {
    static constexpr const char* kName = "claim against claim";
    TwoMakers<kWeaken> makers;

    void before() {
        for (u32 lap = 0; lap < 2; ++lap) {  // the low numbers; then from a window of each
            const u32 one = makers->make(0, 0);
            const u32 other = makers->make(1, 1);
            makers->end(one, 0);
            makers->end(other, 1);
        }
    }
    void thread(unsigned index) { makers.work(index); }
    void after() { makers.judge(); }
};

/// A cell sits its low number out between a drop and the next claim, each by another thread: what
/// was done with the number before happens before what is done with the next, all the same.
template <Weaken kWeaken>
struct DropThenSitOut : rl::test_suite<DropThenSitOut<kWeaken>, 3> {
    static constexpr const char* kName = "a cell sits out after a drop";
    using Cells = TwoCells<kWeaken>;
    World<kWeaken> world;
    u32 last = 0;
    u32 got[3] = {};

    void before() {
        last = world->make(0, 0);
        RL_ASSERT(world->make(0, 1) != 0);  // so that only the first one's cell can come free
        for (u32 use = 1; use < Cells::kGenerations; ++use) {
            world->end(last, 0);
            last = world->make(0, 0);
        }
        RL_ASSERT(last == Cells::kFirst + (Cells::kGenerations - 1) * Cells::kCells);
    }
    void thread(unsigned index) {
        if (index == 0) {
            world->end(last, 0);
        } else {
            got[index] = world->make(index, 2);
        }
    }
    void after() {
        const u32 next = Cells::kFirst + Cells::kCells;
        RL_ASSERT(got[1] == 0 || got[1] == next);
        RL_ASSERT(got[2] == 0 || (got[2] == next && got[1] == 0));
        RL_ASSERT(world->cells().references(Cells::kFirst) == 0);
    }
};

/// Three holders of one number leave, and one of them takes the cell again: what the others did
/// with the number happens before that.
template <Weaken kWeaken>
struct DropsAgainstReuse : rl::test_suite<DropsAgainstReuse<kWeaken>, 3> {
    static constexpr const char* kName = "three holders leave, one comes";
    World<kWeaken> world;
    u32 first = 0;

    void before() {
        first = world->make(0, 0, 3);
        RL_ASSERT(world->make(0, 1) != 0);  // so that only the first one's cell can come free
    }
    void thread(unsigned index) {
        if (index == 0) {
            world->end(first, 0);
        } else {
            world->use(first);
            world->cells().release(first, 1);
        }
        (void)world->make(index, 2);  // ignored: not free before the last has left
    }
};

/// A process appears; who finds it or its number sees it complete.
template <Weaken kWeaken>
struct BindPublishes : rl::test_suite<BindPublishes<kWeaken>, 3> {
    static constexpr const char* kName = "bind publishes";
    World<kWeaken> world;

    void thread(unsigned index) {
        if (index == 0) {
            const u32 number = world->make(0, 0);
            world->cells().dup(number);
            world->cells().release(number, 1);
        } else if (index == 1) {
            world->find(2);
            world->find(2);
        } else {
            if (const auto live = world->cells().next_live(0)) world->find(live->number);
        }
    }
};

/// A process appears in the step in which it is given its number.
template <Weaken kWeaken>
struct ClaimPublishes : rl::test_suite<ClaimPublishes<kWeaken>, 3> {
    static constexpr const char* kName = "claim publishes";
    World<kWeaken> world;

    void thread(unsigned index) {
        if (index == 0) {
            const u32 number = world->make_at_once(0, 0);
            world->cells().exit(number, 0, 1);
        } else if (index == 1) {
            world->meet(2);
            world->meet(2);
        } else {
            if (const auto live = world->cells().next_live(0)) world->meet(live->number);
        }
    }
};

}  // namespace pid_proof
