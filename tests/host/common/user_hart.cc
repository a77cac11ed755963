// Spaces that harts run in, walks of their tables, and fences.
#include "tests/host/common/user_hart.h"

#include <memory>
#include <vector>

#include "arch/riscv64/sv39/page_table.h"
#include "arch/riscv64/sv39/user_space_hooks.h"
#include "base/schedule_point.h"
#include "machine/clock.h"
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "tests/host/common/arena.h"

namespace host {
namespace {

using interpreter::Attempt;
using interpreter::Counter;
using interpreter::Stop;
using interpreter::Translation;
using kernel::machine::HartIndex;
using kernel::machine::UserRegisters;
using kernel::machine::UserSpace;
namespace sv39 = arch::riscv64::sv39;

// Made while no machine runs; each hart's is its own but for what says otherwise.
std::vector<std::unique_ptr<UserHart>>& user_harts() {
    static auto* all = new std::vector<std::unique_ptr<UserHart>>;
    return *all;
}

}  // namespace

void reset_user_harts(u32 count) {
    user_harts().clear();
    for (u32 hart = 0; hart < count; ++hart) user_harts().push_back(std::make_unique<UserHart>());
}

UserHart& user_hart(HartIndex hart) { return *user_harts().at(hart); }

UserHart& my_user_hart() {
    ASSERT(!kernel::machine::interrupts_enabled());
    return user_hart(kernel::machine::hart_index());
}

void UserHart::run_in(UserSpace* space, UserRegisters* registers) {
    ASSERT((space == nullptr) == (registers == nullptr));
    if (registers != registers_) yield_reservation();
    registers_ = registers;
    if (space == space_) return;
    const u64 bit = u64{1} << kernel::machine::hart_index();
    if (space_ != nullptr) {
        // [user.harts] acq_rel: after the last use; pairs with acquire in UserSpace::close().
        space_->harts().fetch_and(~bit, std::memory_order_acq_rel);
    }
    space_ = space;
    if (space_ != nullptr) {
        // [user.harts] seq_cst: before the first use, and before what was known is forgotten; pairs
        // with seq_cst in SpaceMachine::flush(): who does not see this hart there changed the
        // tables before it walks them.
        space_->harts().fetch_or(bit, std::memory_order_seq_cst);
    }
    forget();
}

Stop UserHart::run(u64 steps) {
    interpreter::UserRegisters copy{};
    std::copy(registers_->x1.begin(), registers_->x1.end(), copy.x.begin() + 1);
    copy.pc = registers_->pc;
    Stop stop;
    {
        const Inside inside(*this);
        // In parts, so that a simulated hart may stand still while it is inside.
        constexpr u64 kPart = 32;
        u64 retired = 0;
        do {
            stop = interpreter_.run(copy, std::min(kPart, steps - retired));
            retired += stop.retired;
            kernel::schedule_point();
        } while (stop.cause == interpreter::Cause::kSteps && retired < steps);
        stop.retired = retired;
    }
    std::copy(copy.x.begin() + 1, copy.x.end(), registers_->x1.begin());
    registers_->pc = copy.pc;
    return stop;
}

Translation UserHart::translate(VirtAddr at, Attempt attempt) {
    return find(at, [attempt](sv39::Pte pte) { return pte.allows_program(attempt); });
}

Translation UserHart::translate_for_kernel(VirtAddr at, Attempt attempt) {
    return find(at, [attempt](sv39::Pte pte) { return pte.shown().allows(attempt); });
}

template <class Allows>
Translation UserHart::find(VirtAddr at, Allows&& allows) {
    if (space_ == nullptr || at.value >= kernel::machine::kUserEnd) return {};
    const std::optional<sv39::Leaf> leaf = sv39::PageTable(space_->root()).find(at);
    if (!leaf || !allows(leaf->pte)) return {};
    const kernel::PhysAddr target = leaf->pte.target() + (at - leaf->at);
    if (!has_ram(target)) return {nullptr, Translation::Fault::kAccess};
    kernel::schedule_point();  // between the look at the tables and what it is good for
    return {kernel::machine::direct_map(target).as<std::byte>()};
}

/// Programs may look at the time, which is the machine's, and at no other counter.
std::optional<u64> UserHart::counter(Counter counter, u64) {
    if (counter != Counter::kTime) return std::nullopt;
    return kernel::machine::now().value;
}

void UserHart::come_inside() {
    // relaxed: only this hart writes it.
    const u64 turn = turns_.load(std::memory_order_relaxed);
    ASSERT(turn % 2 == 0);
    // [host.fence] seq_cst (both): pairs with fence().
    turns_.store(turn + 1, std::memory_order_seq_cst);
    const u64 fences = fences_.load(std::memory_order_seq_cst);
    if (!stale_ && fences == fences_seen_) return;
    stale_ = false;
    fences_seen_ = fences;
    interpreter_.forget();
}

void UserHart::go_outside() {
    // relaxed: only this hart writes it.
    const u64 turn = turns_.load(std::memory_order_relaxed);
    // [host.outside] release: what was done inside; pairs with fence() and is_inside_since().
    turns_.store(turn + 1, std::memory_order_release);
}

u64 UserHart::fence() {
    // [host.fence] seq_cst (both): pairs with come_inside(). [host.outside] acquire in the second.
    fences_.fetch_add(1, std::memory_order_seq_cst);
    return turns_.load(std::memory_order_seq_cst);
}

bool UserHart::is_inside_since(u64 turn) const {
    // [host.outside] acquire: pairs with release in go_outside().
    return turn % 2 != 0 && turns_.load(std::memory_order_acquire) == turn;
}

}  // namespace host

namespace arch::riscv64::sv39 {

/// Nothing: the host's kernel is in no table.
void add_kernel_half(PhysAddr) {}
void remove_kernel_half(PhysAddr) {}

void fence_user_translations(u64 harts) {
    // A hart in the kernel is outside, this one too, which may be another one after relax().
    std::array<u64, kernel::machine::kMaxHarts> turns;
    for (u64 left = harts; left != 0; left &= left - 1) {
        const auto hart = static_cast<u32>(std::countr_zero(left));
        turns[hart] = host::user_hart(hart).fence();
    }
    for (u64 left = harts; left != 0; left &= left - 1) {
        const auto hart = static_cast<u32>(std::countr_zero(left));
        while (host::user_hart(hart).is_inside_since(turns[hart])) kernel::machine::relax();
    }
}

}  // namespace arch::riscv64::sv39

namespace kernel::machine {

void run_in(UserSpace* space, UserRegisters* registers, FloatRegisters*) {
    host::my_user_hart().run_in(space, registers);
}

void use_calls(const SystemCallTable& table) { host::my_user_hart().use_calls(table); }

/// Nothing: the interpreter has none, and programs that need them meet an illegal instruction.
void put_floats_away() {}

void catch_up_with_user_space() {
    const InterruptsOff off;
    host::my_user_hart().forget();
}

}  // namespace kernel::machine
