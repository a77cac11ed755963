// Contract cases: spaces while programs run in them: forks, and pages that are taken away.
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "sched/qlock.h"
#include "tests/contract/user_program.h"

namespace contract::cases {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;
using kernel::Bytes;
using kernel::kPageSize;
using kernel::machine::UserAttempt;
using kernel::sched::HartSet;
using kernel::sched::QLock;
using kernel::sched::QLockGuard;
using kernel::sched::Task;
namespace machine = kernel::machine;
namespace sched = kernel::sched;

constexpr u64 kBad = ~u64{0} - 1;

VirtAddr page_of(VirtAddr at) { return {kernel::align_down(at.value, kPageSize)}; }

UserAttempt attempt_of(UserTrap trap) {
    if (trap == UserTrap::kLoad) return UserAttempt::kLoad;
    CONTRACT_CHECK(trap == UserTrap::kStore || trap == UserTrap::kExecute);
    return trap == UserTrap::kStore ? UserAttempt::kStore : UserAttempt::kExecute;
}

/// Serves what a fork left to be done when something is touched.
void serve_fork(Program& self, UserRegisters&, UserTrap trap, VirtAddr at) {
    switch (self.space.reach(page_of(at), attempt_of(trap))) {
        case UserSpace::Answer::kAllowed:
            machine::catch_up_with_user_space();
            return;
        case UserSpace::Answer::kForbidden:
        case UserSpace::Answer::kBorrowed:
            CONTRACT_CHECK(trap == UserTrap::kStore);
            CONTRACT_CHECK(self.space.make_writable(page_of(at), UserSpace::Write::kCopied).ok());
            return;
        case UserSpace::Answer::kHidden:
        case UserSpace::Answer::kNothing:
            CONTRACT_CHECK(false);
            end_program(self, kBad);
    }
}

/// s2 times: each of the s3 pages from s0 on must hold s4 and gets s4 + s5, which is s4 from then
/// on. Then the call kAskCall, and the same again if that returns 0; else the end with s4.
constexpr u32 kCount[] = {
    addi(s7, s2, 0),
    // 4: each time
    add(s6, s4, s5),
    addi(t1, s0, 0),
    addi(t2, s3, 0),
    // 16: each page
    ld(t0, 0, t1),
    bne(t0, s4, 64 - 20),
    sd(s6, 0, t1),
    lui(t3, 0x1000),
    add(t1, t1, t3),
    addi(t2, t2, u64{0} - 1),
    bne(t2, zero, 16 - 40),
    addi(s4, s6, 0),
    addi(s7, s7, u64{0} - 1),
    bne(s7, zero, u64{4} - 52),
    li(a7, kAskCall),
    jal(zero, 72 - 60),
    // 64: it held something else
    addi(s4, zero, u64{0} - 2),
    jal(zero, 80 - 68),
    // 72
    kEcall,
    beq(a0, zero, u64{0} - 76),
    // 80
    addi(a0, s4, 0),
    li(a7, kEndCall),
    kEcall,
};

/// A parent and the children that it forks while it and they write.
struct Family {
    static constexpr usize kChildren = 4;
    static constexpr u64 kTimes = 6;
    static constexpr u64 kPages = 3;
    static constexpr u64 kChildStep = u64{1} << 32;

    std::array<UserSpace, kChildren + 1> spaces;
    std::array<kernel::Late<Program>, kChildren + 1> programs;
    Helpers helpers;
    u64 children = 0;  // the parent program's

    Program& make(usize number) {
        Program& program = programs[number].make(spaces[number]);
        program.argument = this;
        program.trapped = serve_fork;
        program.called =
            number == 0 ? fork : [](Program&, UserRegisters&, u64) -> i64 { return 1; };
        return program;
    }

    /// What the parent asks for: another child; no more after the last.
    static i64 fork(Program& self, UserRegisters& registers, u64) {
        auto& family = *static_cast<Family*>(self.argument);
        if (family.children == kChildren) return 1;
        const usize number = ++family.children;
        UserSpace& space = family.spaces[number];
        CONTRACT_CHECK(space.open().ok());
        self.space.fork_into(space);
        Program& child = family.make(number);
        child.start = registers;
        child.start.a(0) = 0;
        child.start.x(s5) = kChildStep;
        family.helpers.start(child);
        return 0;
    }
};

}  // namespace

CONTRACT_CASE(ForksSeeWhatWasAndThenOnlyTheirOwn) {
    const UserCase around;
    static constinit kernel::Late<Family> the_family;
    Family& family = the_family.make();
    UserSpace& space = family.spaces[0];
    open_with_code(space, kCount);
    Program& parent = family.make(0);
    parent.start.x(s0) = kUserData.value;
    parent.start.x(s2) = Family::kTimes;
    parent.start.x(s3) = Family::kPages;
    parent.start.x(s4) = 0;
    parent.start.x(s5) = 1;
    for (u64 page = 0; page < Family::kPages; ++page) map_page(space, kUserData + page * kPageSize);
    family.helpers.start(parent);
    CONTRACT_CHECK(sleep_until([&] {
        return parent.result.load(std::memory_order_acquire) != 0;  // acquire: all are started
    }));
    family.helpers.join();
    // relaxed (both): after join().
    CONTRACT_CHECK(parent.result.load(std::memory_order_relaxed) ==
                   Family::kTimes * (Family::kChildren + 1));
    for (usize child = 1; child <= Family::kChildren; ++child) {
        const u64 own = Family::kTimes * Family::kChildStep;
        CONTRACT_CHECK(family.programs[child]->result.load(std::memory_order_relaxed) ==
                       Family::kTimes * child + own);
    }
    for (UserSpace& one : family.spaces) close_space(one);
}

namespace {

/// At s0 must be s1 again and again, and s1 goes to s2. What comes after lets the kernel do it, as
/// long as that says 0.
constexpr u64 kWatchInKernel = kUserCode.value + 4 * u64{7};
constexpr u32 kWatch[] = {
    ld(t0, 0, s0),
    bne(t0, s1, 16 - 4),
    sd(s1, 0, s2),
    jal(zero, u64{0} - 12),
    addi(a0, t0, 0),
    li(a7, kEndCall),
    kEcall,
    // kWatchInKernel
    li(a7, kAskCall),
    kEcall,
    beq(a0, zero, u64{0} - 8),
    li(a7, kEndCall),
    kEcall,
};

/// A page that programs use and that is taken away from them.
struct Shared {
    static constexpr usize kPrograms = 3;
    static constexpr u64 kHeld = 0x1234'5678;
    static constexpr u64 kStopped = 4711;
    static constexpr VirtAddr kAt{kUserData.value + (u64{5} << 30)};

    UserSpace space;
    QLock lock{kernel::sync::LockRank::kAddressSpace};
    kernel::Atomic<u32> stops{0};  // atomic: whether programs are to end

    /// Copies as programs load and store.
    static i64 copy(Program& self, UserRegisters& registers, u64) {
        std::array<u64, 64> words;
        const Bytes bytes = std::as_writable_bytes(std::span(words));
        if (const auto fault = machine::copy_from_user(bytes, kAt)) {
            await_page(self, registers, UserTrap::kLoad, *fault);
            return 0;
        }
        const auto was_taken = [](u64 word) { return word != kHeld && word != 0; };
        if (std::ranges::any_of(words, was_taken)) return static_cast<i64>(kBad);
        words.fill(kHeld);
        // Its own word, and all of some lines that nobody looks at but the case at the end.
        const VirtAddr own{registers.x(s2)};
        for (const auto& [to, size] :
             {std::pair{own, usize{8}}, std::pair{kAt + 512, usize{512}}}) {
            const auto fault = machine::copy_to_user(to, bytes.first(size));
            if (fault) await_page(self, registers, UserTrap::kStore, *fault);
        }
        return 0;
    }

    /// Waits until the page is there again.
    static void await_page(Program& self, UserRegisters&, UserTrap trap, VirtAddr at) {
        auto& shared = *static_cast<Shared*>(self.argument);
        CONTRACT_CHECK(page_of(at) == kAt);
        const bool there = sleep_until([&] {
            // relaxed: nothing orders on it.
            if (shared.stops.load(std::memory_order_relaxed) != 0) end_program(self, kStopped);
            const QLockGuard guard(shared.lock);
            return shared.space.reach(page_of(at), attempt_of(trap)) == UserSpace::Answer::kAllowed;
        });
        CONTRACT_CHECK(there);
        machine::catch_up_with_user_space();
    }
};

/// A page comes, programs use it, and it is taken away. Whether any did. A function of its own
/// because frames are bounded.
[[gnu::noinline]] bool give_and_take_away(Shared& shared, u32 round) {
    const PhysAddr page = take_user_page();
    const std::atomic_ref<u64> held(word_in(page));
    // relaxed (all): programs find them by the entry that map() stores.
    held.store(Shared::kHeld, std::memory_order_relaxed);
    user_page_record(page).references.fetch_add(1, std::memory_order_relaxed);
    {
        const QLockGuard guard(shared.lock);
        CONTRACT_CHECK(shared.space.map(Shared::kAt, page, UserAccess::kReadWrite, true).ok());
    }
    const auto has_written = [&](usize i) {
        const std::atomic_ref<u64> word(word_in(page, 8 * (i + 1)));
        return word.load(std::memory_order_relaxed) == Shared::kHeld;
    };
    // Not all in each round: who is slow is caught elsewhere in its loop.
    const bool is_used =
        sleep_until([&] { return has_written(0) || has_written(1) || has_written(2); });
    CONTRACT_CHECK(is_used);
    {
        const QLockGuard guard(shared.lock);
        CONTRACT_CHECK(shared.space.clear(Shared::kAt, Shared::kAt + kPageSize).ok());
    }
    // Plain: nobody else uses the page any more. Who still reads it ends with what it read.
    u64* const words = &word_in(page);
    std::fill_n(words, kPageSize / sizeof(u64), kGivenBack);
    if (round % 4 == 0) (void)sched::sleep_for(kernel::nanos_from_micros(20));  // a pause
    CONTRACT_CHECK(std::all_of(words, words + kPageSize / sizeof(u64),
                               [](u64 word) { return word == kGivenBack; }));
    give_user_page(page);
    return is_used;
}

}  // namespace

CONTRACT_CASE(AClearedPageIsOutOfReachOfEveryHart) {
    const UserCase around;
    constexpr u32 kRounds = 25;
    Shared shared;
    open_with_code(shared.space, kWatch);
    std::array<kernel::Late<Program>, Shared::kPrograms> programs;
    Helpers helpers;
    for (usize i = 0; i < programs.size(); ++i) {
        Program& program = programs[i].make(shared.space);
        program.argument = &shared;
        program.trapped = Shared::await_page;
        program.start.x(s0) = Shared::kAt.value;
        program.start.x(s1) = Shared::kHeld;
        program.start.x(s2) = Shared::kAt.value + 8 * (i + 1);
        program.called = Shared::copy;
        if (i == 2) program.start.pc = kWatchInKernel;
        helpers.start(program, HartSet{1} << i % machine::hart_count());
    }
    // A round in which no program came is the last: none will come any more.
    for (u32 round = 0; round < kRounds && give_and_take_away(shared, round); ++round) continue;
    shared.stops.store(1, std::memory_order_relaxed);  // relaxed: nothing orders on it
    helpers.join();
    for (auto& program : programs) {
        // relaxed: after join().
        CONTRACT_CHECK(program->result.load(std::memory_order_relaxed) == Shared::kStopped);
    }
    close_space(shared.space);
}

}  // namespace contract::cases
