// Contract cases: switching between flows of control.
#include "machine/backtrace.h"
#include "machine/context.h"
#include "machine/interrupts.h"
#include "tests/contract/contract.h"

namespace contract::cases {
namespace {

using kernel::Bytes;
using kernel::VirtAddr;
using kernel::sched::Task;
namespace machine = kernel::machine;

alignas(kernel::kPageSize) std::byte other_stack[machine::kKernelStackSize];

/// Two flows that take turns: the case's own, and one on other_stack.
struct Pair {
    machine::Context mine;
    machine::Context other;
    u64 turns = 0;
    bool argument_seen = false;
    bool interrupts_seen_off = true;
    VirtAddr frame{};
};

/// Uses every callee-saved register the compiler has for values that must survive the call.
[[gnu::noinline]] u64 many_values_across(u64 seed, void (*between)(Pair&), Pair& pair) {
    u64 a = seed * 3 + 1, b = seed * 5 + 2, c = seed * 7 + 3, d = seed * 11 + 4;
    u64 e = seed * 13 + 5, f = seed * 17 + 6, g = seed * 19 + 7, h = seed * 23 + 8;
    for (int i = 0; i < 10; ++i) {
        between(pair);
        a += b;
        b ^= c;
        c += d;
        d ^= e;
        e += f;
        f ^= g;
        g += h;
        h ^= a;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

void do_nothing(Pair&) {}
void to_other(Pair& pair) { machine::switch_context(pair.mine, pair.other); }
void to_mine(Pair& pair) { machine::switch_context(pair.other, pair.mine); }

void take_turns(void* argument) {
    auto& pair = *static_cast<Pair*>(argument);
    pair.argument_seen = true;
    pair.frame = VirtAddr::of(__builtin_frame_address(0));
    for (;;) {  // until the case stops switching
        pair.interrupts_seen_off = pair.interrupts_seen_off && !machine::interrupts_enabled();
        pair.turns += many_values_across(pair.turns, to_mine, pair) | 1;
    }
}

}  // namespace

CONTRACT_CASE(ASwitchKeepsCalleeSavedRegisters) {
    Pair pair;
    machine::prepare_context(pair.other, Bytes{other_stack}, take_turns, &pair);
    for (u64 seed = 1; seed <= 20; ++seed) {
        const u64 expected = many_values_across(seed, do_nothing, pair);
        const machine::InterruptsOff off;
        CONTRACT_CHECK(many_values_across(seed, to_other, pair) == expected);
        CONTRACT_CHECK(!machine::interrupts_enabled());
    }
    CONTRACT_CHECK(pair.interrupts_seen_off);
    machine::discard_context(pair.other);
}

CONTRACT_CASE(AContextGoesOnOnAnotherHart) {
    Pair pair;
    machine::prepare_context(pair.other, Bytes{other_stack}, take_turns, &pair);
    for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
        Task::current().set_harts(kernel::sched::HartSet{1} << hart);
        const u64 expected = many_values_across(hart, do_nothing, pair);
        const u64 turns = pair.turns;
        {
            const machine::InterruptsOff off;
            CONTRACT_CHECK(many_values_across(hart, to_other, pair) == expected);
            CONTRACT_CHECK(machine::hart_index() == hart);
        }
        // Ten switches there and back: the first time it has not yet finished its own round.
        CONTRACT_CHECK((pair.turns != turns) == (hart != 0));
    }
    Task::current().set_harts(kernel::sched::kAllHarts);
    CONTRACT_CHECK(pair.interrupts_seen_off);
    machine::discard_context(pair.other);
}

CONTRACT_CASE(ANewContextBeginsOnItsStack) {
    Pair pair;
    machine::prepare_context(pair.other, Bytes{other_stack}, take_turns, &pair);
    {
        const machine::InterruptsOff off;
        machine::switch_context(pair.mine, pair.other);
    }
    CONTRACT_CHECK(pair.argument_seen);
    CONTRACT_CHECK(pair.frame >= VirtAddr::of(other_stack));
    CONTRACT_CHECK(pair.frame <= VirtAddr::of(other_stack) + sizeof(other_stack));
    machine::discard_context(pair.other);
}

CONTRACT_CASE(ASuspendedContextHasAPlaceAndABacktrace) {
    Pair pair;
    machine::prepare_context(pair.other, Bytes{other_stack}, take_turns, &pair);
    {
        const machine::InterruptsOff off;
        machine::switch_context(pair.mine, pair.other);
    }
    const machine::SavedPlace place = machine::saved_place(pair.other);
    CONTRACT_CHECK(place.pc.value != 0);
    CONTRACT_CHECK(place.sp >= VirtAddr::of(other_stack));
    CONTRACT_CHECK(place.sp < VirtAddr::of(other_stack) + sizeof(other_stack));
    std::array<VirtAddr, 8> frames{};
    CONTRACT_CHECK(machine::capture_backtrace(pair.other, frames) >= 1);
    CONTRACT_CHECK(frames[0].value != 0);
    CONTRACT_CHECK(machine::capture_backtrace(frames) >= 1);
    machine::discard_context(pair.other);
}

}  // namespace contract::cases
