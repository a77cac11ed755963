// BasicPidCells under threads: a ghost owner beside each number says what must be true of it.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include "pid/pid_cells.h"
#include "tests/unit/pid/test_memory.h"

namespace kernel::pid {
namespace {

using testing::TestMemory;

constexpr u32 kNumberBits9 = 9;
/// The test's own atomics order nothing, or they would hide an order that the hash lacks.
constexpr auto kRelaxed = std::memory_order_relaxed;

/// What the test knows of a number, kept apart from the hash: how many references threads think
/// they hold, and a plain value that only the owner of the number writes (a race detector sees it
/// when two think they are the owner, or when an old owner's write is not ordered before a new
/// one's).
struct Ghost {
    std::atomic<int> holders{0};
    u64 owner = 0;
    /// Written by the owner before it binds the number; read by who holds it and found it bound. A
    /// drop that did not order this read before the next owner's write would be a race.
    u64 birth = 0;
};

class Stress {
public:
    Stress(u32 threads, u32 seed) : cells_(memory_.options(kNumberBits9)), threads_(threads) {
        seed_ = seed;
    }

    void run(std::chrono::milliseconds time) {
        std::vector<std::thread> workers;
        std::atomic<bool> stop{false};
        for (u32 hart = 0; hart < threads_; ++hart) {
            workers.emplace_back([this, hart, &stop] { work(hart, stop); });
        }
        std::this_thread::sleep_for(time);
        stop = true;
        for (std::thread& worker : workers) worker.join();
        for (u32 number = 0; number < ghosts_.size(); ++number) {
            EXPECT_EQ(ghosts_[number].holders.load(), 0) << number;
            EXPECT_EQ(cells_.references(number), 0u) << number;
        }
        EXPECT_EQ(cells_.counters().live, 0u);
    }
    u64 operations() const { return operations_.load(); }
    u64 acquired() const { return acquired_.load(); }

private:
    struct Own {
        u32 number;
        u32 slot;
        u64 tag;
    };
    struct Share {
        u32 number;
        std::optional<u64> birth;  // if it was bound when the share was taken
    };

    void work(u32 hart, std::atomic<bool>& stop) {
        std::mt19937 random(seed_ + hart);
        std::vector<Own> own;
        std::vector<Share> shared;
        u64 done = 0;
        u64 tag = u64{hart} << 48;
        while (!stop.load(std::memory_order_relaxed)) {
            ++done;
            switch (random() % 8) {
                case 0:
                case 1:
                    if (own.size() < 8) make(hart, ++tag, random, own);
                    break;
                case 2:
                case 3:
                    if (!own.empty()) end(own, random);
                    break;
                case 4:
                    find(random() % 512);
                    break;
                case 5: {
                    // Of a live process mostly, at times of whatever number.
                    const auto live = cells_.next_live(random() % 64);
                    const u32 number =
                        live && random() % 8 != 0 ? live->number : u32(random() % 512);
                    if (shared.size() < 4 && cells_.acquire(number)) {
                        ghosts_[number].holders.fetch_add(1, kRelaxed);
                        shared.push_back(look(number));
                        acquired_.fetch_add(1, kRelaxed);
                    }
                    break;
                }
                case 6:
                    if (!shared.empty()) {
                        drop(shared.back());
                        shared.pop_back();
                    }
                    break;
                default:
                    if (!own.empty() && shared.size() < 4) {
                        const u32 number = own.back().number;
                        cells_.dup(number);
                        ghosts_[number].holders.fetch_add(1, kRelaxed);
                        shared.push_back(look(number));
                    }
                    break;
            }
        }
        while (!own.empty()) end(own, random);
        for (const Share& share : shared) drop(share);
        operations_.fetch_add(done);
    }

    void make(u32 hart, u64 tag, std::mt19937& random, std::vector<Own>& own) {
        const u32 slot = random() % 63;
        slots_[slot].fetch_add(1, kRelaxed);
        const Result<u32> outcome = cells_.allocate(hart, std::nullopt, 1, Nanos{});
        if (!outcome.ok()) {
            EXPECT_EQ(outcome.error(), Error::kNoProcs);
            return;
        }
        const u32 number = outcome.value();
        EXPECT_GT(number, 0u);
        EXPECT_LT(number, 512u);
        ghosts_[number].holders.fetch_add(1, kRelaxed);
        ghosts_[number].owner = tag;
        ghosts_[number].birth = tag;
        cells_.bind(number, slot);
        own.push_back({number, slot, tag});
    }

    void end(std::vector<Own>& own, std::mt19937& random) {
        std::swap(own[random() % own.size()], own.back());
        const Own last = own.back();
        own.pop_back();
        EXPECT_EQ(cells_.lookup(last.number), SlotHint{last.slot});
        EXPECT_GE(cells_.references(last.number), 1u);
        EXPECT_EQ(ghosts_[last.number].owner, last.tag);
        ghosts_[last.number].owner = 0;
        ghosts_[last.number].holders.fetch_sub(1, kRelaxed);
        cells_.exit(last.number, last.slot, 1);
    }

    Share look(u32 number) {
        Share share{number, std::nullopt};
        if (cells_.lookup(number)) share.birth = ghosts_[number].birth;
        return share;
    }

    void drop(const Share& share) {
        // Held by us, so it is counted, and nobody's else.
        EXPECT_GE(cells_.references(share.number), 1u);
        if (share.birth) {
            EXPECT_EQ(ghosts_[share.number].birth, *share.birth);
        }
        ghosts_[share.number].holders.fetch_sub(1, kRelaxed);
        cells_.release(share.number, 1);
    }

    void find(u32 number) {
        const std::optional<SlotHint> hint = cells_.lookup(number);
        // A slot that is found was named by its owner before.
        if (hint) {
            EXPECT_GT(slots_[hint->slot].load(kRelaxed), 0u);
        }
        if (const auto live = cells_.next_live(number % 64)) {
            EXPECT_EQ(live->number % 64 + 1, live->next);
        }
    }

    TestMemory memory_{6};
    PidCells cells_;
    u32 threads_;
    u32 seed_;
    std::vector<Ghost> ghosts_{512};
    std::array<std::atomic<u32>, 64> slots_{};
    std::atomic<u64> operations_{0};
    std::atomic<u64> acquired_{0};
};

TEST(PidStress, GhostOwnersAgreeWithTheHash) {
    for (u32 seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        Stress stress(4, seed * 1000);
        stress.run(std::chrono::milliseconds(700));
        EXPECT_GT(stress.operations(), 10'000u);
        EXPECT_GT(stress.acquired(), 100u);
    }
}

/// Four harts take their first windows at once, and nearly fill the table: each cell is initialised
/// exactly once.
void fill_together(u32 cell_bits, u32 harts, u32 numbers_each) {
    TestMemory memory(cell_bits);
    PidOptions options = memory.options();
    options.harts = harts;
    PidCells cells(options);
    std::vector<std::thread> workers;
    std::vector<std::vector<u32>> got(4);
    for (u32 hart = 0; hart < 4; ++hart) {
        workers.emplace_back([&, hart] {
            for (u32 i = 0; i < numbers_each; ++i) {
                const Result<u32> number = cells.allocate(hart, hart, 1, Nanos{});
                ASSERT_TRUE(number.ok());
                got[hart].push_back(number.value());
                ASSERT_EQ(cells.lookup(number.value()), SlotHint{hart});
                // Whatever is found, others gave it a slot.
                const auto other = cells.lookup(i * 2654435761u % options.size.cells());
                ASSERT_TRUE(!other || other->slot < 4);
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    std::vector<u32> all;
    for (u32 hart = 0; hart < 4; ++hart) {
        for (const u32 number : got[hart]) {
            ASSERT_EQ(cells.lookup(number), SlotHint{hart});
            all.push_back(number);
        }
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
    EXPECT_EQ(cells.counters().live, 4 * numbers_each);
}

TEST(PidStress, HartsFillTheTableTogether) {
    for (int round = 0; round < 20; ++round) fill_together(13, 1, 2000);
}

TEST(PidStress, HartsFillTheTableTogetherInLongWindows) {
    for (int round = 0; round < 5; ++round) fill_together(15, 2, 8000);
}

}  // namespace
}  // namespace kernel::pid
