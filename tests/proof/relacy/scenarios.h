// The programs that relacy runs: a few threads on two cells of the Pid hash, and data beside them.
#pragma once

#include "tests/proof/relacy/relacy_atomics.h"

namespace pid_proof {

using pid::BasicPidCells;
using pid::PidOptions;
using pid::PidSize;
using pid::SlotHint;

/// A hash of 64 cells of which two are free, 2 and 3; the others look as if each were being claimed
/// for ever. So allocations meet, and numbers come back at once: 2, 3, then 66, 67, 130, ...
///
/// Beside each slot and each cell stands plain data, as a process does: relacy fails an execution
/// in which two threads use it without an order between them.
template <Weaken kWeaken>
class TwoCells {
    using Policy = RelacyAtomics<kWeaken>;
    using Cells = BasicPidCells<Policy>;

public:
    static constexpr u32 kCells = 64;
    static constexpr u32 kFirst = 2;

    TwoCells() {
        PidOptions options;
        options.size = PidSize{6};
        options.number_bits = 10;
        options.reuse_delay = Nanos{0};
        options.cells = {cell_memory_, sizeof cell_memory_};
        options.busy = {busy_memory_, sizeof busy_memory_};
        cells_.emplace(options);
        busy()[0].fetch_or(~(u64{3} << kFirst), std::memory_order::relaxed);
    }
    ~TwoCells() {
        cells_.reset();
        // relacy knows each of its atomics; the hash never destroys its cells.
        for (u32 i = 0; i < kCells; ++i) std::destroy_at(cell() + i);
        std::destroy_at(busy());
        std::destroy_at(busy() + 1);
    }

    Cells& cells() { return *cells_; }

    /// A process of our own in `slot`: its number, or 0 if none is free.
    u32 make(u32 hart, u32 slot, u32 references = 1) {
        const Result<u32> outcome = cells().allocate(hart, std::nullopt, references, Nanos{0});
        if (!outcome.ok()) return 0;
        const u32 number = outcome.value();
        RL_ASSERT(number % kCells == kFirst || number % kCells == kFirst + 1);
        owned_[number % kCells - kFirst]($) = number;
        process_[slot]($) = number;
        cells().bind(number, slot);
        return number;
    }
    void end(u32 number, u32 slot, u32 references = 1) {
        use(number);
        cells().exit(number, slot, references);
    }
    /// Looks `number` up; who is found is complete, and is who was asked for. A slot is used once
    /// in each scenario, so its process does not change under us.
    void find(u32 number) {
        if (const std::optional<SlotHint> hint = cells().lookup(number)) {
            RL_ASSERT(u32(process_[hint->slot]($)) == number);
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
    auto cell() { return reinterpret_cast<typename Cells::Cell*>(cell_memory_); }
    auto busy() { return reinterpret_cast<typename Cells::BusyWord*>(busy_memory_); }

    std::optional<Cells> cells_;
    rl::var<u32> owned_[2];
    rl::var<u32> process_[4];
    alignas(64) std::byte cell_memory_[kCells * sizeof(typename Cells::Cell)];
    alignas(64) std::byte busy_memory_[2 * sizeof(typename Cells::BusyWord)];
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
            world->find(66);
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
            world->visit(66);
        }
    }
    void after() { RL_ASSERT(world->cells().references(2) == 0); }
};

/// Two harts make and end processes on the same two cells.
template <Weaken kWeaken>
struct AllocateAgainstAllocate : rl::test_suite<AllocateAgainstAllocate<kWeaken>, 2> {
    static constexpr const char* kName = "allocate against allocate";
    World<kWeaken> world;
    u32 got[2] = {};

    void thread(unsigned index) {
        for (int round = 0; round < 2; ++round) {
            got[index] = world->make(index, index * 2 + static_cast<u32>(round));
            RL_ASSERT(got[index] != 0);
            if (round == 0) world->end(got[index], index * 2);
        }
    }
    void after() { RL_ASSERT(got[0] != got[1] && got[0] % 64 != got[1] % 64); }
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
        (void)world->make(index, 1 + index);  // ignored: not free before the last has left
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

}  // namespace pid_proof
