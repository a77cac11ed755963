// Contract cases: harts, interrupts, clock.
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/interrupts.h"
#include "sched/rendez.h"
#include "sched/timer.h"
#include "tests/contract/contract.h"

namespace contract::cases {
namespace {

using kernel::Atomic;
using kernel::nanos_from_micros;
using kernel::nanos_from_millis;
using kernel::PhysAddr;
using kernel::PhysRange;
using kernel::sched::HartSet;
using kernel::sched::Task;
namespace machine = kernel::machine;
namespace sched = kernel::sched;

constexpr HartSet only(machine::HartIndex hart) { return HartSet{1} << hart; }

/// Runs the rest of the case on one hart; then anywhere again.
class OnHart {
public:
    explicit OnHart(machine::HartIndex hart) { Task::current().set_harts(only(hart)); }
    ~OnHart() { Task::current().set_harts(sched::kAllHarts); }
};

u32 ipis(machine::HartIndex hart) {
    // [contract.ipi] acquire: pairs with release in the upcall.
    return upcall_counts(hart).ipis.load(std::memory_order_acquire);
}
u32 timers(machine::HartIndex hart) {
    // relaxed: compared only.
    return upcall_counts(hart).timers.load(std::memory_order_relaxed);
}

machine::HartIndex hart_now() {
    const machine::InterruptsOff off;
    return machine::hart_index();
}

}  // namespace

CONTRACT_CASE(HartsHaveDenseIndices) {
    CONTRACT_CHECK(machine::hart_count() >= 1);
    CONTRACT_CHECK(machine::hart_count() <= machine::kMaxHarts);
    CONTRACT_CHECK(hart_now() < machine::hart_count());
    for (machine::HartIndex a = 0; a < machine::hart_count(); ++a) {
        for (machine::HartIndex b = 0; b < a; ++b) {
            CONTRACT_CHECK(machine::hardware_hart_id(a) != machine::hardware_hart_id(b));
        }
    }
}

CONTRACT_CASE(EveryHartRunsTasks) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const OnHart there(hart);
        CONTRACT_CHECK(hart_now() == hart);
    }
}

CONTRACT_CASE(InterruptsGoOffAndOnAndNest) {
    CONTRACT_CHECK(machine::interrupts_enabled());
    CONTRACT_CHECK(machine::disable_interrupts());
    CONTRACT_CHECK(!machine::interrupts_enabled());
    CONTRACT_CHECK(!machine::disable_interrupts());
    machine::enable_interrupts();
    CONTRACT_CHECK(machine::interrupts_enabled());
    {
        const machine::InterruptsOff outer;
        {
            const machine::InterruptsOff inner;
            CONTRACT_CHECK(!machine::interrupts_enabled());
        }
        CONTRACT_CHECK(!machine::interrupts_enabled());
    }
    CONTRACT_CHECK(machine::interrupts_enabled());
}

CONTRACT_CASE(PerHartElementsAreApart) {
    static constinit machine::PerHart<u64> numbers;
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const OnHart there(hart);
        const machine::InterruptsOff off;
        numbers.mine() = 100 + hart;
    }
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        CONTRACT_CHECK(numbers.of(hart) == 100 + hart);
        const auto at = reinterpret_cast<std::uintptr_t>(&numbers.of(hart));
        CONTRACT_CHECK(at % 64 == 0);
    }
}

CONTRACT_CASE(BootInfoIsInOrder) {
    const machine::BootInfo& info = machine::boot_info();
    CONTRACT_CHECK(info.hart_count == machine::hart_count());
    CONTRACT_CHECK(info.boot_hart < info.hart_count);
    CONTRACT_CHECK(!info.memory.empty());
    CONTRACT_CHECK(info.entered <= machine::now());
    for (const auto ranges : {info.memory, info.reserved}) {
        PhysAddr last{0};
        for (const PhysRange& range : ranges) {
            CONTRACT_CHECK(range.size > 0);
            CONTRACT_CHECK(range.start >= last);
            CONTRACT_CHECK(kernel::is_aligned(range.start.value, kernel::kPageSize));
            CONTRACT_CHECK(kernel::is_aligned(range.size, kernel::kPageSize));
            last = range.end();
        }
    }
}

CONTRACT_CASE(ClockIsMonotoneAndMoves) {
    CONTRACT_CHECK(machine::clock_frequency() > 0);
    const Nanos begun = machine::now();
    Nanos last = begun;
    for (int i = 0; i < 1000; ++i) {
        const Nanos now = machine::now();
        CONTRACT_CHECK(now >= last);
        last = now;
    }
    CONTRACT_CHECK(spin_until([begun] { return machine::now() > begun + nanos_from_micros(10); }));
}

CONTRACT_CASE(ClockAgreesAcrossHarts) {
    // A task carries a time from hart to hart; none may be earlier by more than what hardware
    // cannot agree on.
    constexpr Nanos kSkew = nanos_from_micros(100);
    Nanos last = machine::now();
    for (int round = 0; round < 3; ++round) {
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            const OnHart there(hart);
            const Nanos now = machine::now();
            CONTRACT_CHECK(now + kSkew >= last);
            last = std::max(last, now);
        }
    }
}

CONTRACT_CASE(RelaxReturns) {
    for (int i = 0; i < 100; ++i) machine::relax();
    const machine::InterruptsOff off;
    for (int i = 0; i < 100; ++i) machine::relax();
}

CONTRACT_CASE(TheAlarmComesNotEarly) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const OnHart there(hart);
        struct Ring {
            Atomic<u64> at{0};
            sched::Timer timer{[](sched::Timer&, void* self) {
                                   // [contract.ring] release: pairs with acquire below.
                                   static_cast<Ring*>(self)->at.store(machine::now().value,
                                                                      std::memory_order_release);
                               },
                               this};
        };
        Ring ring;
        const u32 before = timers(hart);
        const Nanos when = machine::now() + nanos_from_millis(2);
        ring.timer.arm(when);
        CONTRACT_CHECK(
            spin_until([&ring] { return ring.at.load(std::memory_order_acquire) != 0; }));
        CONTRACT_CHECK(ring.at.load(std::memory_order_acquire) >= when.value);
        CONTRACT_CHECK(timers(hart) > before);
        ring.timer.cancel();
    }
}

CONTRACT_CASE(AnInterruptReachesEachHart) {
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        const u32 before = ipis(hart);
        machine::send_ipi(hart);
        CONTRACT_CHECK(spin_until([hart, before] { return ipis(hart) != before; }));
    }
}

CONTRACT_CASE(AnInterruptWaitsWhileInterruptsAreOff) {
    const OnHart here(0);
    u32 before;
    {
        const machine::InterruptsOff off;
        before = ipis(0);
        machine::send_ipi(0);
        const Nanos begun = machine::now();
        while (machine::now() - begun < nanos_from_millis(1)) machine::relax();
        CONTRACT_CHECK(ipis(0) == before);
    }
    CONTRACT_CHECK(spin_until([before] { return ipis(0) != before; }));
}

CONTRACT_CASE(StoresBeforeAnInterruptAreSeenByIt) {
    for (u64 round = 1; round <= 20; ++round) {
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            UpcallLetter& letter = upcall_letter(hart);
            // relaxed (both): send_ipi() itself must order the store, and the upcall that it causes
            // is the last, so a letter that it did not see is never seen.
            letter.sent.store(round, std::memory_order_relaxed);
            machine::send_ipi(hart);
            CONTRACT_CHECK(spin_until(
                [&letter, round] { return letter.seen.load(std::memory_order_relaxed) == round; }));
        }
    }
}

CONTRACT_CASE(WaitForInterruptWakes) {
    // The idle task's way, with an interrupt that is pending before the wait and one that is not.
    const OnHart here(0);
    const u32 before = ipis(0);
    {
        const machine::InterruptsOff off;
        machine::send_ipi(0);
        machine::wait_for_interrupt();
        CONTRACT_CHECK(!machine::interrupts_enabled());
    }
    CONTRACT_CHECK(spin_until([before] { return ipis(0) != before; }));
    sched::Timer timer([](sched::Timer&, void*) {}, nullptr);
    const u32 rung = timers(0);
    timer.arm(machine::now() + nanos_from_millis(1));
    for (;;) {  // until the timer rings
        const machine::InterruptsOff off;
        // Looked at with interrupts off, or the one that is waited for may come in between.
        if (timers(0) != rung) break;
        machine::wait_for_interrupt();
    }
    timer.cancel();
}

CONTRACT_CASE(HartsSeeStoresInTheOrderOfTheirTags) {
    // One writes a value and then says so; the other must not see the word before the value.
    struct Message {
        Atomic<u64> value{0};
        Atomic<u64> word{0};
        Atomic<u64> answer{0};
    } message;
    // Each on a hart of its own; where there is only one, they take turns by its quanta, which are
    // long.
    static constexpr auto rounds = [] { return u64{machine::hart_count() > 1 ? 200u : 3u}; };
    const OnHart here(0);
    Helpers helpers;
    helpers.start(
        [](void* argument) {
            auto& mine = *static_cast<Message*>(argument);
            for (u64 round = 1; round <= rounds(); ++round) {
                // [contract.word] acquire: pairs with release below.
                CONTRACT_CHECK(spin_until(
                    [&mine, round] { return mine.word.load(std::memory_order_acquire) == round; }));
                // relaxed: ordered by [contract.word].
                CONTRACT_CHECK(mine.value.load(std::memory_order_relaxed) == 3 * round);
                // [contract.answer] release: the value has been read; pairs with acquire below.
                mine.answer.store(round, std::memory_order_release);
            }
        },
        &message, only(machine::hart_count() - 1));
    for (u64 round = 1; round <= rounds(); ++round) {
        // relaxed: ordered by [contract.word].
        message.value.store(3 * round, std::memory_order_relaxed);
        // [contract.word] release: the value before the word; pairs with acquire above.
        message.word.store(round, std::memory_order_release);
        // [contract.answer] acquire: pairs with release above.
        CONTRACT_CHECK(spin_until(
            [&message, round] { return message.answer.load(std::memory_order_acquire) == round; }));
    }
    helpers.join();
}

}  // namespace contract::cases
