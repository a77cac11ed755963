// Contract cases: the scheduler and its locks on this machine.
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "sched/qlock.h"
#include "sched/rendez.h"
#include "sched/timer.h"
#include "sync/spin_lock.h"
#include "tests/contract/contract.h"

namespace contract::cases {
namespace {

using kernel::Atomic;
using kernel::Error;
using kernel::nanos_from_micros;
using kernel::nanos_from_millis;
using kernel::sched::Rendez;
using kernel::sched::Task;
using kernel::sync::LockRank;
namespace machine = kernel::machine;
namespace sched = kernel::sched;

// seq_cst everywhere below: these are tests, and the order under test is never the atomics' own.
constexpr auto kOrder = std::memory_order_seq_cst;

/// A number that one task waits for and another sets.
struct Ball {
    Rendez rendez;
    Atomic<u32> at{0};

    void hit(u32 round) {
        at.store(round, kOrder);
        sched::wakeup(rendez);
    }
    void await(u32 round) {
        CONTRACT_CHECK(
            sched::sleep(rendez, [this, round] { return at.load(kOrder) == round; }).ok());
    }
};

}  // namespace

CONTRACT_CASE(RendezPingPong) {
    struct Game {
        Ball ping;
        Ball pong;
    } game;
    constexpr u32 kRounds = 50;
    Helpers helpers;
    helpers.start(
        [](void* argument) {
            auto& mine = *static_cast<Game*>(argument);
            for (u32 round = 1; round <= kRounds; ++round) {
                mine.ping.await(round);
                mine.pong.hit(round);
            }
        },
        &game);
    for (u32 round = 1; round <= kRounds; ++round) {
        game.ping.hit(round);
        game.pong.await(round);
    }
    helpers.join();
}

CONTRACT_CASE(QLockKeepsTasksApart) {
    struct Shared {
        sched::QLock lock{LockRank::kDevice};
        u32 count = 0;  // guarded by lock
    } shared;
    constexpr u32 kRounds = 25;
    Helpers helpers;
    for (int i = 0; i < 4; ++i) {
        helpers.start(
            [](void* argument) {
                auto& mine = *static_cast<Shared*>(argument);
                for (u32 round = 0; round < kRounds; ++round) {
                    const sched::QLockGuard guard(mine.lock);
                    const u32 seen = mine.count;
                    if (round % 8 == 0) sched::yield();
                    mine.count = seen + 1;
                }
            },
            &shared);
    }
    helpers.join();
    CONTRACT_CHECK(shared.count == 4 * kRounds);
}

CONTRACT_CASE(RWLockLetsReadersTogetherAndWritersAlone) {
    struct Shared {
        sched::RWLock lock{LockRank::kNamespace};
        u32 left = 0;   // guarded by lock
        u32 right = 0;  // guarded by lock; equal to left
        Atomic<u32> torn{0};
    } shared;
    Helpers helpers;
    for (int i = 0; i < 2; ++i) {
        helpers.start(
            [](void* argument) {
                auto& mine = *static_cast<Shared*>(argument);
                for (u32 round = 0; round < 20; ++round) {
                    const sched::WriteGuard guard(mine.lock);
                    ++mine.left;
                    sched::yield();
                    ++mine.right;
                }
            },
            &shared);
        helpers.start(
            [](void* argument) {
                auto& mine = *static_cast<Shared*>(argument);
                for (u32 round = 0; round < 20; ++round) {
                    const sched::ReadGuard guard(mine.lock);
                    if (mine.left != mine.right) mine.torn.fetch_add(1, kOrder);
                    sched::yield();
                }
            },
            &shared);
    }
    helpers.join();
    CONTRACT_CHECK(shared.left == 40);
    CONTRACT_CHECK(shared.right == 40);
    CONTRACT_CHECK(shared.torn.load(kOrder) == 0);
}

CONTRACT_CASE(SleepForLastsAsLongAsAsked) {
    for (const u64 micros : {u64{1}, u64{500}, u64{3000}}) {
        const Nanos begun = machine::now();
        CONTRACT_CHECK(sched::sleep_for(nanos_from_micros(micros)).ok());
        CONTRACT_CHECK(machine::now() - begun >= nanos_from_micros(micros));
    }
}

CONTRACT_CASE(ASpinningTaskIsPreempted) {
    // Two that only spin, on one hart: both get on, so each was interrupted for the other.
    struct Race {
        Atomic<u32> laps[2];
    } race;
    struct Runner {
        Race* race;
        u32 mine;
    };
    Runner runners[2] = {{&race, 0}, {&race, 1}};
    Helpers helpers;
    for (Runner& runner : runners) {
        helpers.start(
            [](void* argument) {
                const Runner& me = *static_cast<Runner*>(argument);
                me.race->laps[me.mine].fetch_add(1, kOrder);
                CONTRACT_CHECK(
                    spin_until([&me] { return me.race->laps[1 - me.mine].load(kOrder) != 0; }));
            },
            &runner, 1);
    }
    helpers.join();
}

CONTRACT_CASE(TimersRingOnce) {
    struct Bell {
        Atomic<u32> rings{0};
        sched::Timer timer{
            [](sched::Timer&, void* self) { static_cast<Bell*>(self)->rings.fetch_add(1, kOrder); },
            this};
    };
    Bell rung;
    Bell cancelled;
    rung.timer.arm(machine::now() + nanos_from_micros(200));
    cancelled.timer.arm(machine::now() + kPatience);
    CONTRACT_CHECK(sched::sleep_for(nanos_from_millis(5)).ok());
    CONTRACT_CHECK(rung.rings.load(kOrder) == 1);
    CONTRACT_CHECK(!rung.timer.cancel());
    CONTRACT_CHECK(cancelled.timer.cancel());
    CONTRACT_CHECK(cancelled.rings.load(kOrder) == 0);
}

CONTRACT_CASE(InterruptEndsASleep) {
    Helpers helpers;
    Task& sleeper = helpers.start(
        [](void*) {
            const auto slept = sched::sleep_for(kPatience);
            CONTRACT_CHECK(!slept.ok() && slept.error() == Error::kInterrupted);
        },
        nullptr);
    CONTRACT_CHECK(spin_until([&sleeper] { return sleeper.state() == sched::TaskState::kWakeme; }));
    sleeper.interrupt();
    helpers.join();
}

CONTRACT_CASE(TasksMoveBetweenHarts) {
    // Ten times around all harts, with something on the stack that must come along.
    u64 expected = 0;
    volatile u64 carried = 0;
    for (u32 round = 0; round < 10; ++round) {
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            Task::current().set_harts(sched::HartSet{1} << hart);
            carried = carried * 31 + hart;
            expected = expected * 31 + hart;
            const machine::InterruptsOff off;
            CONTRACT_CHECK(machine::hart_index() == hart);
        }
    }
    CONTRACT_CHECK(carried == expected);
    Task::current().set_harts(sched::kAllHarts);
}

CONTRACT_CASE(SpinLocksKeepHartsApart) {
    struct Shared {
        kernel::sync::SpinLock<LockRank::kDeviceSpin> lock;
        u64 count GUARDED_BY(lock) = 0;
        Atomic<u32> awaited{0};
    } shared;
    constexpr u64 kRounds = 200;
    const u32 tasks = std::clamp<u32>(machine::hart_count(), 2, 4);
    shared.awaited.store(tasks, kOrder);
    Helpers helpers;
    for (u32 i = 0; i < tasks; ++i) {
        helpers.start(
            [](void* argument) {
                auto& mine = *static_cast<Shared*>(argument);
                // All begin at once, or each would be done before the next is there.
                mine.awaited.fetch_sub(1, kOrder);
                CONTRACT_CHECK(spin_until([&mine] { return mine.awaited.load(kOrder) == 0; }));
                for (u64 round = 0; round < kRounds; ++round) {
                    const kernel::sync::IrqSaveGuard guard(mine.lock);
                    const u64 seen = mine.count;
                    machine::relax();
                    mine.count = seen + 1;
                }
            },
            &shared, sched::HartSet{1} << i % machine::hart_count());
    }
    helpers.join();
    const kernel::sync::IrqSaveGuard guard(shared.lock);
    CONTRACT_CHECK(shared.count == tasks * kRounds);
}

}  // namespace contract::cases
