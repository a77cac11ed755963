// The explorer itself: litmus programs have exactly the outcomes that C++ gives them, whatever way
// they are explored.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/model/explore.h"

namespace model {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;
constexpr auto kSeqCst = std::memory_order_seq_cst;

/// What the registers of all threads were at the end, one outcome a text.
using Outcomes = std::set<std::string>;

/// A litmus program: atomics x and y, registers r, and the orders it is tried with.
class Litmus : public Program {
public:
    struct Orders {
        std::memory_order store;
        std::memory_order load;
    };
    Litmus(Outcomes* outcomes, Orders orders) : orders_(orders), outcomes_(outcomes) {}

    u32 threads() const override { return 2; }
    void finish() override {
        std::string outcome;
        for (const u32 value : r) {
            if (value != kUnused) outcome += std::to_string(value);
        }
        outcomes_->insert(outcome);
    }

protected:
    static constexpr u32 kUnused = ~u32{0};

    void put(Atomic<u32>& atomic, u32 value) { atomic.store(value, orders_.store); }
    u32 get(Atomic<u32>& atomic) { return atomic.load(orders_.load); }

    Atomic<u32> x{0};
    Atomic<u32> y{0};
    std::array<u32, 4> r{kUnused, kUnused, kUnused, kUnused};
    Orders orders_;

private:
    Outcomes* outcomes_;
};

constexpr Litmus::Orders kAllRelaxed{kRelaxed, kRelaxed};
constexpr Litmus::Orders kReleaseAcquire{kRelease, kAcquire};
constexpr Litmus::Orders kAllSeqCst{kSeqCst, kSeqCst};

template <class P>
Outcomes outcomes_of(Litmus::Orders orders, Bounds bounds = {}) {
    Outcomes outcomes;
    const Report report = explore<P>(bounds, &outcomes, orders);
    EXPECT_TRUE(report.ok()) << report.failure;
    EXPECT_TRUE(report.exhausted);
    return outcomes;
}

template <class P>
Outcomes sequential_outcomes_of(Litmus::Orders orders) {
    return outcomes_of<P>(orders, {.memory = MemoryModel::kSequential});
}

/// x=1; r0=y  ||  y=1; r1=x
struct StoreBuffering : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        if (thread == 0) {
            put(x, 1);
            r[0] = get(y);
        } else {
            put(y, 1);
            r[1] = get(x);
        }
    }
};

TEST(Litmus, StoreBuffering) {
    const Outcomes strong{"01", "10", "11"};
    const Outcomes weak{"00", "01", "10", "11"};
    EXPECT_EQ(outcomes_of<StoreBuffering>(kAllRelaxed), weak);
    EXPECT_EQ(outcomes_of<StoreBuffering>(kReleaseAcquire), weak);
    EXPECT_EQ(outcomes_of<StoreBuffering>(kAllSeqCst), strong);
    EXPECT_EQ(sequential_outcomes_of<StoreBuffering>(kAllRelaxed), strong);
}

/// x=1; y=1  ||  r0=y; r1=x
struct MessagePassing : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        if (thread == 0) {
            put(x, 1);
            put(y, 1);
        } else {
            r[0] = get(y);
            r[1] = get(x);
        }
    }
};

TEST(Litmus, MessagePassing) {
    const Outcomes strong{"00", "01", "11"};
    const Outcomes weak{"00", "01", "10", "11"};
    EXPECT_EQ(outcomes_of<MessagePassing>(kAllRelaxed), weak);
    EXPECT_EQ(outcomes_of<MessagePassing>({kRelease, kRelaxed}), weak);
    EXPECT_EQ(outcomes_of<MessagePassing>({kRelaxed, kAcquire}), weak);
    EXPECT_EQ(outcomes_of<MessagePassing>(kReleaseAcquire), strong);
    EXPECT_EQ(sequential_outcomes_of<MessagePassing>(kAllRelaxed), strong);
}

/// r0=x; y=1  ||  r1=y; x=1. C++ allows 11 when relaxed; the machine does not look into the future.
struct LoadBuffering : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        if (thread == 0) {
            r[0] = get(x);
            put(y, 1);
        } else {
            r[1] = get(y);
            put(x, 1);
        }
    }
};

TEST(Litmus, LoadBufferingIsAbsent) {
    EXPECT_EQ(outcomes_of<LoadBuffering>(kAllRelaxed), (Outcomes{"00", "01", "10"}));
}

/// x=1; x=2  ||  r0=x; r1=x
struct ReadsOfOne : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        if (thread == 0) {
            put(x, 1);
            put(x, 2);
        } else {
            r[0] = get(x);
            r[1] = get(x);
        }
    }
};

TEST(Litmus, ReadsOfOneLocationDoNotGoBack) {
    EXPECT_EQ(outcomes_of<ReadsOfOne>(kAllRelaxed), (Outcomes{"00", "01", "02", "11", "12", "22"}));
}

/// x=1; r0=x  ||  x=2; r1=x: the last is one of them, and each sees its own or the later one.
struct WritesOfOne : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        put(x, thread + 1);
        r[thread] = get(x);
    }
    void finish() override {
        r[2] = x.load(kRelaxed);
        Litmus::finish();
    }
};

TEST(Litmus, WritesOfOneLocationHaveOneOrder) {
    EXPECT_EQ(outcomes_of<WritesOfOne>(kAllRelaxed), (Outcomes{"122", "121", "111", "222"}));
}

/// x=1  ||  y=1  ||  r0=x; r1=y  ||  r2=y; r3=x
struct IndependentReads : Litmus {
    using Litmus::Litmus;
    u32 threads() const override { return 4; }
    void run(u32 thread) override {
        switch (thread) {
            case 0:
                return put(x, 1);
            case 1:
                return put(y, 1);
            case 2:
                r[0] = get(x);
                r[1] = get(y);
                return;
            default:
                r[2] = get(y);
                r[3] = get(x);
        }
    }
};

TEST(Litmus, IndependentReadsOfIndependentWrites) {
    Outcomes all;
    for (u32 i = 0; i < 16; ++i) {
        const auto bit = [i](u32 at) { return std::to_string((i >> at) & 1); };
        all.insert(bit(3) + bit(2) + bit(1) + bit(0));
    }
    Outcomes agreeing = all;
    agreeing.erase("1010");  // the readers disagree on which write came first
    EXPECT_EQ(outcomes_of<IndependentReads>(kAllRelaxed), all);
    EXPECT_EQ(outcomes_of<IndependentReads>(kReleaseAcquire), all);
    EXPECT_EQ(outcomes_of<IndependentReads>(kAllSeqCst), agreeing);
    EXPECT_EQ(sequential_outcomes_of<IndependentReads>(kAllRelaxed), agreeing);
}

/// x=1; y=2  ||  y=1; x=2, and what is left at the end.
struct TwoPlusTwoWrites : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        put(thread == 0 ? x : y, 1);
        put(thread == 0 ? y : x, 2);
    }
    void finish() override {
        r[0] = x.load(kRelaxed);
        r[1] = y.load(kRelaxed);
        Litmus::finish();
    }
};

TEST(Litmus, TwoPlusTwoWrites) {
    const Outcomes strong{"12", "21", "22"};
    const Outcomes weak{"11", "12", "21", "22"};
    EXPECT_EQ(outcomes_of<TwoPlusTwoWrites>(kAllRelaxed), weak);
    EXPECT_EQ(outcomes_of<TwoPlusTwoWrites>(kReleaseAcquire), weak);
    EXPECT_EQ(outcomes_of<TwoPlusTwoWrites>(kAllSeqCst), strong);
    EXPECT_EQ(sequential_outcomes_of<TwoPlusTwoWrites>(kAllRelaxed), strong);
}

/// x=1  ||  r0=x; y=1  ||  r1=y; r2=x
struct WriteToRead : Litmus {
    using Litmus::Litmus;
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) put(x, 1);
        if (thread == 1) {
            r[0] = get(x);
            put(y, 1);
        }
        if (thread == 2) {
            r[1] = get(y);
            r[2] = get(x);
        }
    }
};

TEST(Litmus, WriteToReadCausality) {
    Outcomes all{"000", "001", "010", "011", "100", "101", "110", "111"};
    EXPECT_EQ(outcomes_of<WriteToRead>(kAllRelaxed), all);
    all.erase("110");  // who sees y sees what its writer saw
    EXPECT_EQ(outcomes_of<WriteToRead>(kReleaseAcquire), all);
}

/// x=1; y=1 (release)  ||  y+=1 (relaxed)  ||  r0=y (acquire); r1=x
struct ReleaseSequence : Litmus {
    using Litmus::Litmus;
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) {
            x.store(1, kRelaxed);
            y.store(1, orders_.store);
        }
        if (thread == 1) y.fetch_add(1, kRelaxed);
        if (thread == 2) {
            r[0] = y.load(orders_.load);
            r[1] = x.load(kRelaxed);
        }
    }
};

TEST(Litmus, ReadModifyWritesContinueAReleaseSequence) {
    // 1 from the increment of 0, or from the store: so 10 and 11. 2 is the increment of the store.
    EXPECT_EQ(outcomes_of<ReleaseSequence>(kReleaseAcquire),
              (Outcomes{"00", "01", "10", "11", "21"}));
    EXPECT_EQ(outcomes_of<ReleaseSequence>(kAllRelaxed),
              (Outcomes{"00", "01", "10", "11", "20", "21"}));
}

/// Three threads increment: nothing is lost.
struct Increments : Litmus {
    using Litmus::Litmus;
    u32 threads() const override { return 3; }
    void run(u32 thread) override {
        if (thread == 0) {
            u32 seen = x.load(kRelaxed);
            while (!x.compare_exchange(seen, seen + 1, kRelaxed)) {
            }
        } else {
            x.fetch_add(1, kRelaxed);
        }
    }
    void finish() override {
        r[0] = x.load(kRelaxed);
        Litmus::finish();
    }
};

TEST(Litmus, ReadModifyWritesAreAtomic) {
    EXPECT_EQ(outcomes_of<Increments>(kAllRelaxed), Outcomes{"3"});
}

/// A loop that waits: explored to its end, though it could go round for ever.
struct Waiting : Litmus {
    using Litmus::Litmus;
    void run(u32 thread) override {
        if (thread == 0) {
            while (get(x) == 0) {
            }
            r[0] = get(y);
        } else {
            put(y, 1);
            put(x, 1);
        }
    }
};

TEST(Litmus, AWaitingLoopEnds) {
    EXPECT_EQ(outcomes_of<Waiting>(kAllRelaxed), (Outcomes{"0", "1"}));
    EXPECT_EQ(outcomes_of<Waiting>(kReleaseAcquire), Outcomes{"1"});
}

/// Waits for what nobody writes.
struct Forever : Program {
    Atomic<u32> x{0};
    u32 threads() const override { return 2; }
    void run(u32) override {
        while (x.load(kRelaxed) == 0) {
        }
    }
};

TEST(Explorer, FindsALoopWithoutEnd) {
    const Report report = explore<Forever>({.max_steps = 200});
    EXPECT_NE(report.failure.find("no end"), std::string::npos);
}

/// Sleep sets leave out schedules, never outcomes.
template <class P>
void expect_the_same_without_sleep_sets(Litmus::Orders orders) {
    Outcomes with;
    Outcomes without;
    const Report few = explore<P>({}, &with, orders);
    const Report many = explore<P>({.sleep_sets = false}, &without, orders);
    EXPECT_EQ(with, without);
    EXPECT_LT(few.executions, many.executions);
    EXPECT_EQ(many.redundant, 0u);
}

TEST(Explorer, SleepSetsLoseNoOutcome) {
    for (const Litmus::Orders orders : {kAllRelaxed, kReleaseAcquire, kAllSeqCst}) {
        expect_the_same_without_sleep_sets<StoreBuffering>(orders);
        expect_the_same_without_sleep_sets<MessagePassing>(orders);
        expect_the_same_without_sleep_sets<LoadBuffering>(orders);
        expect_the_same_without_sleep_sets<IndependentReads>(orders);
        expect_the_same_without_sleep_sets<TwoPlusTwoWrites>(orders);
        expect_the_same_without_sleep_sets<WriteToRead>(orders);
        expect_the_same_without_sleep_sets<ReleaseSequence>(orders);
    }
}

TEST(Explorer, APreemptionBoundLeavesOutcomesOut) {
    const Bounds none{.memory = MemoryModel::kSequential, .preemptions = 0};
    EXPECT_EQ(outcomes_of<StoreBuffering>(kAllRelaxed, none), (Outcomes{"01", "10"}));
    const Bounds one{.memory = MemoryModel::kSequential, .preemptions = 1};
    EXPECT_EQ(outcomes_of<StoreBuffering>(kAllRelaxed, one), (Outcomes{"01", "10", "11"}));
}

/// Data behind a flag, with and without the order that it needs.
struct Published : Program {
    explicit Published(std::memory_order load) : load_(load) {}
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            data_.set(42);
            ready_.store(1, kRelease);
        } else if (ready_.load(load_) == 1) {
            check(data_.get() == 42, "the data is there");
        }
    }
    std::string name_of(const void* atomic) const override {
        return atomic == &ready_ ? "ready" : "";
    }

private:
    std::memory_order load_;
    Atomic<u32> ready_{0};
    Var<u32> data_;
};

TEST(Explorer, FindsADataRaceAndTellsItsStory) {
    EXPECT_TRUE(explore<Published>({}, kAcquire).ok());
    const Report report = explore<Published>({}, kRelaxed);
    ASSERT_FALSE(report.ok());
    EXPECT_NE(report.failure.find("data race: thread 1 reads"), std::string::npos);
    EXPECT_NE(report.failure.find("thread 0  ready store release: writes 1"), std::string::npos)
        << report.failure;
    EXPECT_NE(report.failure.find("ready_.store(1, kRelease);"), std::string::npos)
        << report.failure;
    // The list it prints repeats it.
    const auto at = report.failure.find("PROCYON_REPLAY=");
    ASSERT_NE(at, std::string::npos);
    const std::string list = report.failure.substr(at + 15);
    EXPECT_EQ(repeat<Published>({}, list, kRelaxed).failure + "  again: PROCYON_REPLAY=" + list,
              report.failure);
}

TEST(Explorer, ARandomWalkFindsTheSameRaceAgainFromItsSeed) {
    EXPECT_TRUE(walk<Published>({.walks = 2000, .seed = 1}, kAcquire).ok());
    const Report report = walk<Published>({.walks = 2000, .seed = 1}, kRelaxed);
    ASSERT_FALSE(report.ok());
    const auto at = report.failure.find("PROCYON_SEED=");
    ASSERT_NE(at, std::string::npos);
    const u64 seed = std::stoull(report.failure.substr(at + 13));
    EXPECT_EQ(walk<Published>({.walks = 1, .seed = seed}, kRelaxed).failure, report.failure);
}

/// A handler that adds between the load and the store of the thread it interrupts.
struct Interrupted : Program {
    explicit Interrupted(bool off) : off_(off) {}
    u32 threads() const override { return 1; }
    u32 interrupts(u32) const override { return 2; }
    void run(u32) override {
        if (off_) {
            const InterruptsOff off;
            add();
        } else {
            add();
        }
    }
    void interrupt(u32, u32) override { add(); }
    void finish() override { check(x_.load(kRelaxed) == 3, "no addition is lost"); }

private:
    void add() { x_.store(x_.load(kRelaxed) + 1, kRelaxed); }

    bool off_;
    Atomic<u32> x_{0};
};

TEST(Explorer, InterruptsComeAnywhereAndNest) {
    const Report report = explore<Interrupted>({}, false);
    EXPECT_NE(report.failure.find("no addition is lost"), std::string::npos);
    EXPECT_NE(report.failure.find("interrupt begins"), std::string::npos);
    // With interrupts off they come before or after; and the second inside the first, which loses
    // an addition unless it comes before the first or after it.
    EXPECT_FALSE(explore<Interrupted>({}, true).ok());
}

/// How often each of the handlers can come: before, between, and after the two operations.
struct CountedInterrupts : Program {
    explicit CountedInterrupts(std::set<u32>* seen) : seen_(seen) {}
    u32 threads() const override { return 1; }
    u32 interrupts(u32) const override { return 1; }
    void run(u32) override {
        x_.store(1, kRelaxed);
        x_.store(2, kRelaxed);
    }
    void interrupt(u32, u32) override { seen_->insert(x_.load(kRelaxed)); }

private:
    std::set<u32>* seen_;
    Atomic<u32> x_{0};
};

TEST(Explorer, AnInterruptComesAtEveryPointOnce) {
    std::set<u32> seen;
    const Report report = explore<CountedInterrupts>({}, &seen);
    EXPECT_EQ(report.executions, 3u);
    EXPECT_EQ(seen, (std::set<u32>{0, 1, 2}));
}

/// An atomic in raw memory, made by one thread and used by another.
struct MadeByAThread : Program {
    explicit MadeByAThread(std::memory_order order) : order_(order) {}
    u32 threads() const override { return 2; }
    void run(u32 thread) override {
        if (thread == 0) {
            ::new (&raw_) Atomic<u32>(7);
            made_.store(1, kRelease);
        } else if (made_.load(order_) == 1) {
            auto* const atomic = reinterpret_cast<Atomic<u32>*>(&raw_);
            check(atomic->load(kRelaxed) == 7, "it has its value");
        }
    }

private:
    std::memory_order order_;
    Atomic<u32> made_{0};
    alignas(Atomic<u32>) std::array<std::byte, sizeof(Atomic<u32>)> raw_{};
};

TEST(Explorer, AnAtomicIsUsedOnlyAfterItsConstruction) {
    EXPECT_TRUE(explore<MadeByAThread>({}, kAcquire).ok());
    EXPECT_NE(explore<MadeByAThread>({}, kRelaxed).failure.find("construction"), std::string::npos);
}

/// What was seen of x: after the setup, and after each operation.
struct Watched : Program {
    explicit Watched(std::vector<u32>* seen) : seen_(seen) { x_.store(1, kRelaxed); }
    u32 threads() const override { return 1; }
    void begin() override { look(); }
    void run(u32) override {
        x_.fetch_add(1, kRelaxed);
        x_.fetch_add(1, kRelaxed);
    }
    void watch() override { look(); }

private:
    void look() { seen_->push_back(x_.load(kRelaxed)); }
    Atomic<u32> x_{0};
    std::vector<u32>* seen_;
};

TEST(Explorer, AProgramIsWatchedFromItsSetupOn) {
    std::vector<u32> seen;
    EXPECT_TRUE(explore<Watched>({}, &seen).ok());
    EXPECT_EQ(seen, (std::vector<u32>{1, 2, 3}));
}

/// What a program leaves open is explored like everything else.
struct Chosen : Program {
    explicit Chosen(std::set<u32>* seen) : seen_(seen) {}
    u32 threads() const override { return 1; }
    void run(u32) override { seen_->insert(choose(3) * 3 + choose(3)); }

private:
    std::set<u32>* seen_;
};

TEST(Explorer, ChoicesOfTheProgramAreExplored) {
    std::set<u32> seen;
    EXPECT_EQ(explore<Chosen>({}, &seen).executions, 9u);
    EXPECT_EQ(seen.size(), 9u);
}

/// Acquire-release read-modify-writes as a lock: no two are inside.
struct Lock : Program {
    explicit Lock(std::memory_order unlock) : unlock_(unlock) {}
    u32 threads() const override { return 2; }
    void run(u32) override {
        while (held_.exchange(1, kAcqRel) != 0) {
        }
        data_.set(data_.get() + 1);
        held_.store(0, unlock_);
    }
    void finish() override { check(data_.get() == 2, "nothing is lost"); }

private:
    std::memory_order unlock_;
    Atomic<u32> held_{0};
    Var<u32> data_;
};

TEST(Explorer, ASpinLockExcludes) {
    EXPECT_TRUE(explore<Lock>({}, kRelease).ok());
    EXPECT_FALSE(explore<Lock>({}, kRelaxed).ok());
}

}  // namespace
}  // namespace model
