// The shipped Pid hash under real threads: every answer it gives is recorded, and must be explained
// cell by cell by the sequential specification.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <thread>

#include "pid/pid_cells.h"
#include "tests/proof/linear/cell_model.h"
#include "tests/unit/pid/test_memory.h"

namespace linear {
namespace {

using kernel::Nanos;
using kernel::Result;
using kernel::usize;
using kernel::pid::PidCells;
using kernel::pid::SlotHint;
using kernel::pid::testing::TestMemory;

using Kind = CellModel::Kind;
using Operation = CellModel::Operation;
using History = LinearizabilityChecker<CellModel>::History;

constexpr u32 kThreads = 4;
constexpr u32 kCallsPerThread = 4000;
/// Cells that are free at the beginning of a round; few, so that threads meet on them.
constexpr u32 kFreeCells = 3;

/// Operations to record: PROCYON_LINEAR_CALLS, or as the tier of the test run says.
u64 calls_wanted() {
    if (const char* text = std::getenv("PROCYON_LINEAR_CALLS")) {
        return std::strtoull(text, nullptr, 10);
    }
    const char* tier = std::getenv("PROCYON_TEST_TIER");
    return tier != nullptr && std::strcmp(tier, "long") == 0 ? 10'000'000 : 200'000;
}

/// What is recorded: the hash as it is.
struct Real {
    static std::optional<SlotHint> lookup(const PidCells& cells, u32 number, std::mt19937&) {
        return cells.lookup(number);
    }
};

/// What must be refused: an implementation that now and then answers from memory.
struct WithCache {
    static std::optional<SlotHint> lookup(const PidCells& cells, u32 number, std::mt19937& random) {
        thread_local std::array<std::optional<SlotHint>, CellModel::kNumbers> cache;
        if (random() % 4 != 0) cache[number] = cells.lookup(number);
        return cache[number];
    }
};

/// One round: threads on a new table, each doing what it likes and writing down what came of it.
template <class Implementation>
class Recording {
public:
    explicit Recording(u32 seed) : cells_(memory_.options(CellModel::kNumberBits)) {
        for (u32 i = 1 + kFreeCells; i < CellModel::kCells; ++i) {
            const Result<u32> number = cells_.allocate(0, std::nullopt, 1, Nanos{});
            initial_[number.value() % CellModel::kCells] = {number.value(), CellModel::kNone, 1};
        }
        for (u32 thread = 0; thread < kThreads; ++thread) {
            randoms_[thread].seed(seed * kThreads + thread);
        }
        for (std::atomic<u32>& number : board_) number.store(1, std::memory_order_relaxed);
    }

    void run() {
        std::vector<std::thread> threads;
        for (u32 thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([this, thread] { work(thread); });
        }
        for (std::thread& thread : threads) thread.join();
    }

    /// The history of each cell.
    std::array<History, CellModel::kCells> histories() const {
        std::array<History, CellModel::kCells> histories;
        for (const History& record : records_) {
            for (const Call<Operation>& call : record) {
                histories[call.operation.number % CellModel::kCells].push_back(call);
            }
        }
        return histories;
    }
    const CellModel::State& initial(u32 cell) const { return initial_[cell]; }

private:
    /// Stamps are one counter: what had returned has a smaller one than what is called later.
    u64 stamp() { return clock_.fetch_add(1, std::memory_order_seq_cst); }

    /// Does `operation` by calling `what` with it, which fills the answer in.
    template <class What>
    Operation record(u32 thread, Operation operation, What what) {
        const u64 invoked = stamp();
        pause(thread);
        what(operation);
        pause(thread);
        const u64 returned = stamp();
        // No number, no cell: of kNoProcs the specification of a cell says nothing.
        if (operation.number != 0) {
            records_[thread].push_back({thread, invoked, returned, operation});
        }
        return operation;
    }

    /// Now and then lets others run while a call is pending: a machine with few processors, or busy
    /// ones, would interleave little else.
    void pause(u32 thread) {
        if (randoms_[thread]() % 16 == 0) std::this_thread::yield();
    }

    void work(u32 thread) {
        std::mt19937& random = randoms_[thread];
        records_[thread].reserve(kCallsPerThread + 16);
        const u32 slot = thread;
        u32 own = 0;     // the number of our process
        u32 bound = 0;   // that, once bound
        u32 shared = 0;  // a number we hold besides
        for (u32 i = 0; i < kCallsPerThread; ++i) {
            // A number somebody put up lately, or any other one of the cells in play.
            const u32 near = board_[random() % kThreads].load(std::memory_order_relaxed);
            const u32 number =
                random() % 4 == 0 ? (near + CellModel::kCells) % CellModel::kNumbers : near;
            switch (random() % 8) {
                case 0:
                    if (own == 0) {
                        own = allocate(thread);
                        if (own != 0) board_[thread].store(own, std::memory_order_relaxed);
                    } else if (bound == 0) {
                        record(thread, {Kind::kBind, own, slot},
                               [&](Operation& it) { cells_.bind(it.number, it.slot); });
                        bound = own;
                    }
                    break;
                case 1:
                    end(thread, own, bound);
                    break;
                case 2:
                case 3:
                    lookup(thread, number, random);
                    break;
                case 4:
                    record(thread, {Kind::kReferences, number},
                           [&](Operation& it) { it.answer = cells_.references(it.number); });
                    break;
                case 5:
                    if (shared == 0) {
                        const Operation did = record(
                            thread, {Kind::kAcquire, number},
                            [&](Operation& it) { it.answer = cells_.acquire(it.number) ? 1 : 0; });
                        if (did.answer != 0) shared = number;
                    }
                    break;
                case 6:
                    if (shared == 0 && own != 0) {
                        record(thread, {Kind::kDup, own},
                               [&](Operation& it) { cells_.dup(it.number); });
                        shared = own;
                    }
                    break;
                default:
                    drop(thread, shared);
                    break;
            }
        }
        end(thread, own, bound);
        drop(thread, shared);
    }

    u32 allocate(u32 thread) {
        return record(thread, {Kind::kAllocate, 0},
                      [&](Operation& it) {
                          const Result<u32> got = cells_.allocate(thread, std::nullopt, 1, Nanos{});
                          it.number = got.ok() ? got.value() : 0;
                      })
            .number;
    }
    void lookup(u32 thread, u32 number, std::mt19937& random) {
        record(thread, {Kind::kLookup, number}, [&](Operation& it) {
            const std::optional<SlotHint> hint = Implementation::lookup(cells_, it.number, random);
            it.slot = hint ? hint->slot : CellModel::kNone;
        });
    }
    void end(u32 thread, u32& own, u32& bound) {
        if (own == 0) return;
        if (bound != 0) {
            record(thread, {Kind::kExit, own, thread},
                   [&](Operation& it) { cells_.exit(it.number, it.slot, 1); });
        } else {
            record(thread, {Kind::kRelease, own},
                   [&](Operation& it) { cells_.release(it.number, 1); });
        }
        own = bound = 0;
    }
    void drop(u32 thread, u32& shared) {
        if (shared == 0) return;
        record(thread, {Kind::kRelease, shared},
               [&](Operation& it) { cells_.release(it.number, 1); });
        shared = 0;
    }

    TestMemory memory_{CellModel::kCellBits};
    PidCells cells_;
    std::array<std::mt19937, kThreads> randoms_;  // one each
    std::array<CellModel::State, CellModel::kCells> initial_{};
    std::array<History, kThreads> records_;
    std::array<std::atomic<u32>, kThreads> board_;
    alignas(64) std::atomic<u64> clock_{0};
};

struct Verdict {
    u64 calls = 0;
    u64 overlapping = 0;
    u32 wrong_cells = 0;
};

template <class Source>
Verdict judge(const Source& source, const std::array<History, CellModel::kCells>& histories) {
    Verdict verdict;
    for (u32 cell = 0; cell < CellModel::kCells; ++cell) {
        LinearizabilityChecker<CellModel> checker(source.initial(cell));
        verdict.wrong_cells += checker.check(histories[cell]) ? 1 : 0;
        verdict.calls += histories[cell].size();
        verdict.overlapping += checker.overlapping();
    }
    return verdict;
}

TEST(PidHistories, EveryAnswerCanBeExplained) {
    Verdict all;
    for (u32 round = 1; all.calls < calls_wanted(); ++round) {
        Recording<Real> recording(round);
        recording.run();
        const Verdict verdict = judge(recording, recording.histories());
        ASSERT_EQ(verdict.wrong_cells, 0u) << "round " << round;
        all.calls += verdict.calls;
        all.overlapping += verdict.overlapping;
    }
    std::cout << all.calls << " calls, " << all.overlapping << " of them overlap another\n";
    EXPECT_GT(all.overlapping, all.calls / 20);
}

TEST(PidHistories, AWrongAnswerAmongThemIsRefused) {
    Recording<Real> recording(1);
    recording.run();
    const std::array<History, CellModel::kCells> right = recording.histories();
    ASSERT_EQ(judge(recording, right).wrong_cells, 0u);
    u32 planted = 0;
    for (u32 cell = 0; cell < CellModel::kCells; ++cell) {
        for (usize i = 0; i < right[cell].size(); i += 97) {
            History wrong = right[cell];
            Operation& operation = wrong[i].operation;
            switch (operation.kind) {
                case Kind::kLookup:
                    operation.slot = kThreads + 1;  // a slot that nobody has
                    break;
                case Kind::kReferences:
                    operation.answer += 2 * kThreads;  // more than all could hold
                    break;
                case Kind::kAllocate:
                    operation.number = (operation.number + 2 * CellModel::kCells) %
                                       CellModel::kNumbers;  // a generation left out
                    break;
                default:
                    continue;
            }
            EXPECT_TRUE(LinearizabilityChecker<CellModel>(recording.initial(cell)).check(wrong))
                << "cell " << cell << ", call " << i;
            ++planted;
        }
    }
    EXPECT_GT(planted, 20u);
}

TEST(PidHistories, AnImplementationThatAnswersFromMemoryIsRefused) {
    u32 refused = 0;
    for (u32 round = 1; round <= 5; ++round) {
        Recording<WithCache> recording(round);
        recording.run();
        refused += judge(recording, recording.histories()).wrong_cells != 0 ? 1 : 0;
    }
    EXPECT_EQ(refused, 5u);
}

}  // namespace
}  // namespace linear
