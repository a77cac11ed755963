// Contract cases: user mode: calls, traps, the way back, copies.
#include "machine/interrupts.h"
#include "machine/memory.h"
#include "sched/rendez.h"
#include "tests/contract/user_program.h"

namespace contract::cases {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;
using kernel::sched::HartSet;
using kernel::sched::Task;
namespace machine = kernel::machine;
namespace sched = kernel::sched;

constexpr u64 kNowhere = 0x50000;
constexpr u64 kCodePage = kUserCode.value;

// Makes the call that a7 names and ends with its result.
constexpr u32 kCallOnce[] = {kEcall, li(a7, kEndCall), kEcall};
constexpr u32 kLoop[] = {jal(zero, 0)};

/// Runs one program, alone in its space, to its end; returns what it ended with.
u64 run_to_end(Program& program) {
    Helpers helpers;
    helpers.start(program);
    helpers.join();
    return program.result.load(std::memory_order_relaxed);  // relaxed: after join()
}

void end_at_exit(Program& program, UserRegisters& registers) {
    end_program(program, registers.a(0));
}

}  // namespace

CONTRACT_CASE(CallsReturnOneValueAndKeepWhatACalleeSaves) {
    const UserCase around;
    // Stores x1 .. x31 at sp.
    std::array<u32, 34> code{kEcall};
    for (u32 number = 1; number < 32; ++number) code[number] = sd(number, 8 * number, sp);
    code[32] = li(a7, kEndCall);
    code[33] = kEcall;
    for (const u32 call : {kSumCall, kFullSumCall}) {
        UserSpace space;
        open_with_code(space, code);
        const PhysAddr data = map_page(space, kUserData);
        Program program(space);
        for (u32 number = 1; number < 32; ++number) {
            program.start.x(number) = number * 0x0101'0101'0101'0101;
        }
        program.start.sp() = kUserData.value;
        program.start.a(7) = call;
        u64 expected = 0;
        for (u64 i = 0; i < 6; ++i) expected += (i + 1) * program.start.a(i);
        run_to_end(program);
        for (u32 number = 1; number < 32; ++number) {
            // What a full call may be made again with stays.
            const bool is_argument = number > a0 && number <= a7 && number != a6;
            const bool cleared = (number >= t0 && number <= t2) || number == a6 || number >= t3 ||
                                 (is_argument && call == kSumCall);
            const u64 kept = cleared ? 0 : program.start.x(number);
            CONTRACT_CHECK(word_in(data, 8 * number) == (number == a0 ? expected : kept));
        }
        close_space(space);
    }
}

CONTRACT_CASE(AFullCallThatMovesBackIsMadeAgain) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kCallOnce);
    Program program(space);
    program.start.a(7) = kAskCall;
    program.start.a(0) = 77;
    program.start.a(5) = 55;
    static u32 made;
    made = 0;
    program.called = [](Program&, UserRegisters& registers, u64 a0) -> i64 {
        CONTRACT_CHECK(a0 == 77 && registers.a(5) == 55 && registers.a(7) == kAskCall);
        if (++made == 3) return 4321;
        registers.pc -= machine::kCallBytes;
        return static_cast<i64>(a0);
    };
    CONTRACT_CHECK(run_to_end(program) == 4321);
    CONTRACT_CHECK(made == 3);
    close_space(space);
}

CONTRACT_CASE(AGreatNumberTakesTheLastRow) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kCallOnce);
    for (const u64 number : {u64{kLastCall}, u64{kLastCall} + 1, u64{1} << 63, ~u64{0}}) {
        Program program(space);
        program.start.a(7) = number;
        CONTRACT_CHECK(static_cast<i64>(run_to_end(program)) == kNoSuchCall);
    }
    close_space(space);
}

namespace {

/// An instruction that traps, with the address of interest in s0.
struct Trapping {
    u32 instruction;
    u64 s0_value;
    UserTrap trap;
    u64 cause;
    bool jumps = false;       // the trap is met where it jumped to
    bool has_address = true;  // what the trap says of s0
};

struct TrapSeen {
    UserTrap trap{};
    VirtAddr address{};
    UserRegisters registers{};
};

}  // namespace

CONTRACT_CASE(TrapsSayWhatHappenedWhere) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kLoop);
    map_page(space, kUserData);
    const PhysAddr code = *space.find(kUserCode);
    const u64 kernels = machine::direct_map(code).value;
    const auto load = ld(a0, 0, s0);
    const auto jump = jalr(ra, 0, s0);
    const u64 beyond = machine::kUserEnd;
    // Mapped, but no memory is there.
    constexpr PhysAddr kNoMemory{u64{1} << 40};
    constexpr VirtAddr kBehindIt{kNowhere + kernel::kPageSize};
    CONTRACT_CHECK(space.map(kBehindIt, kNoMemory, UserAccess::kReadWrite, false).ok());
    const std::array<Trapping, 17> all{{
        {load, kNowhere, UserTrap::kLoad, 13},
        {load, 0, UserTrap::kLoad, 13},
        {load, beyond - 8, UserTrap::kLoad, 13},
        {load, beyond, UserTrap::kLoad, 13},
        {load, ~u64{7}, UserTrap::kLoad, 13},
        {load, kernels, UserTrap::kLoad, 13},
        {sd(a0, 0, s0), kNowhere, UserTrap::kStore, 15},
        {sd(a0, 0, s0), kCodePage, UserTrap::kStore, 15},
        {amoadd(8, a0, a1, s0), kCodePage, UserTrap::kStore, 15},
        {jump, kNowhere, UserTrap::kExecute, 12, true},
        {jump, kUserData.value, UserTrap::kExecute, 12, true},
        {jump, kernels, UserTrap::kExecute, 12, true},
        {lr(8, a0, s0), kUserData.value + 2, UserTrap::kMisaligned, 4},
        {load, kBehindIt.value, UserTrap::kAccess, 5},
        {sd(a0, 0, s0), kBehindIt.value, UserTrap::kAccess, 7},
        {csrw(0x140, zero), 0, UserTrap::kIllegalInstruction, 2, false, false},
        {kEbreak, 0, UserTrap::kBreakpoint, 3, false, false},
    }};
    for (const Trapping& one : all) {
        write_code(code, std::array{one.instruction});
        TrapSeen seen;
        Program program(space);
        program.argument = &seen;
        program.trapped = [](Program& self, UserRegisters& registers, UserTrap trap, VirtAddr at) {
            *static_cast<TrapSeen*>(self.argument) = {trap, at, registers};
            end_program(self, registers.x(s1));
        };
        program.start.x(s0) = one.s0_value;
        program.start.x(s1) = 12345;
        CONTRACT_CHECK(run_to_end(program) == 12345);
        CONTRACT_CHECK(seen.trap == one.trap);
        CONTRACT_CHECK(seen.registers.cause == one.cause);
        CONTRACT_CHECK(seen.registers.pc == (one.jumps ? one.s0_value : kCodePage));
        CONTRACT_CHECK(seen.registers.x(s0) == one.s0_value);
        if (one.has_address) {
            // What is no address of Sv39 at all may be reported as one that is.
            const bool is_beyond = one.s0_value >= beyond;
            CONTRACT_CHECK(seen.registers.value == one.s0_value);
            CONTRACT_CHECK(is_beyond ? seen.address.value >= beyond
                                     : seen.address.value == one.s0_value);
        }
        constexpr u64 kFromKernel = u64{1} << 8;  // SPP
        CONTRACT_CHECK((seen.registers.status & kFromKernel) == 0);
    }
    close_space(space);
}

CONTRACT_CASE(AProgramGoesOnWhereItsFaultWasServed) {
    const UserCase around;
    constexpr u64 kFar = kNowhere + (u64{3} << 30);
    // Reads at s0, adds one, writes the sum at s1, and jumps to s2.
    constexpr u32 kCode[] = {ld(a0, 0, s0), addi(a0, a0, 1), sd(a0, 8, s1), jalr(zero, 0, s2)};
    UserSpace space;
    open_with_code(space, kCode);
    Program program(space);
    u32 traps = 0;
    program.argument = &traps;
    program.start.x(s0) = kNowhere;
    program.start.x(s1) = kUserData.value;
    program.start.x(s2) = kFar;
    program.trapped = [](Program& self, UserRegisters&, UserTrap trap, VirtAddr at) {
        ++*static_cast<u32*>(self.argument);
        const VirtAddr page{kernel::align_down(at.value, kernel::kPageSize)};
        if (trap == UserTrap::kLoad) word_in(map_page(self.space, page, UserAccess::kRead)) = 77;
        if (trap == UserTrap::kStore) map_page(self.space, page);
        if (trap == UserTrap::kExecute) {
            constexpr u32 kEnd[] = {li(a7, kEndCall), kEcall};
            write_code(map_page(self.space, page, UserAccess::kReadExecute), kEnd);
        }
        // Whether it lingers that there was nothing is the hart's business.
        machine::catch_up_with_user_space();
    };
    CONTRACT_CHECK(run_to_end(program) == 78);
    CONTRACT_CHECK(traps == 3);
    CONTRACT_CHECK(word_in(*space.find(kUserData), 8) == 78);
    close_space(space);
}

CONTRACT_CASE(WhatIsHiddenTheKernelReachesAndProgramsExecute) {
    const UserCase around;
    constexpr u64 kEnd = kNowhere + (u64{3} << 30);
    // A word of its code, which goes over one of its data after that was loaded.
    constexpr u32 kCode[] = {ld(a0, 0, s0), ld(a1, 0, s1), sd(a1, 0, s0), jalr(zero, 0, s2)};
    UserSpace space;
    open_with_code(space, kCode);
    word_in(map_page(space, kUserData)) = 77;
    CONTRACT_CHECK(space.hide({0}, VirtAddr{machine::kUserEnd}).ok());
    Program program(space);
    u32 traps = 0;
    program.argument = &traps;
    program.start.x(s0) = kUserData.value;
    program.start.x(s1) = kUserCode.value;
    program.start.x(s2) = kEnd;
    program.trapped = [](Program& self, UserRegisters& registers, UserTrap trap, VirtAddr at) {
        if (trap == UserTrap::kExecute) end_program(self, registers.x(a0));
        ++*static_cast<u32*>(self.argument);
        const bool loads = trap == UserTrap::kLoad;
        const auto attempt = loads ? machine::UserAttempt::kLoad : machine::UserAttempt::kStore;
        CONTRACT_CHECK(self.space.reach(at, attempt) == UserSpace::Answer::kHidden);
        u64 word = 0;
        const auto bytes = std::as_writable_bytes(std::span(&word, 1));
        CONTRACT_CHECK(!machine::copy_from_user(bytes, at));
        CONTRACT_CHECK(at == kUserData ? word == 77 : word != 0);
        if (at == kUserData) CONTRACT_CHECK(!machine::copy_to_user(at, bytes));
        CONTRACT_CHECK(self.space.show(at).ok());
        machine::catch_up_with_user_space();
    };
    CONTRACT_CHECK(run_to_end(program) == 77);
    CONTRACT_CHECK(traps == 2);
    CONTRACT_CHECK(word_in(*space.find(kUserData)) == word_in(*space.find(kUserCode)));
    close_space(space);
}

CONTRACT_CASE(CopiesGoWhereTheTablesAllow) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kCallOnce);
    map_page(space, kUserData);
    map_page(space, kUserData + kernel::kPageSize);
    map_page(space, kUserData + 2 * kernel::kPageSize, UserAccess::kRead);
    Program program(space);
    program.start.a(7) = kAskCall;
    program.called = [](Program&, UserRegisters&, u64) -> i64 {
        constexpr VirtAddr kReadOnly = kUserData + 2 * kernel::kPageSize;
        constexpr VirtAddr kHole = kUserData + 3 * kernel::kPageSize;
        std::array<std::byte, 300> sent;
        for (usize i = 0; i < sent.size(); ++i) sent[i] = static_cast<std::byte>(i * 7 + 1);
        // Over the end of a page, however it is aligned.
        for (u64 offset = 150; offset < 167; ++offset) {
            const VirtAddr at = kUserData + (kernel::kPageSize - offset);
            std::array<std::byte, 300> got{};
            CONTRACT_CHECK(!machine::copy_to_user(at, sent));
            CONTRACT_CHECK(!machine::copy_from_user(got, at));
            CONTRACT_CHECK(got == sent);
        }
        std::array<std::byte, 300> got{};
        CONTRACT_CHECK(machine::copy_to_user(kReadOnly - 100, sent) == kReadOnly);
        CONTRACT_CHECK(!machine::copy_from_user(got, kReadOnly - 100));
        CONTRACT_CHECK(std::equal(sent.begin(), sent.begin() + 100, got.begin()));
        CONTRACT_CHECK(std::all_of(got.begin() + 100, got.end(),
                                   [](std::byte byte) { return byte == std::byte{0}; }));
        CONTRACT_CHECK(machine::copy_from_user(got, kHole - 1) == kHole);
        CONTRACT_CHECK(machine::copy_from_user(got, kHole + 1) == kHole + 1);
        CONTRACT_CHECK(machine::copy_to_user(kUserCode, sent) == kUserCode);
        CONTRACT_CHECK(machine::copy_from_user(got, VirtAddr{machine::kUserEnd} - got.size()) ==
                       VirtAddr{machine::kUserEnd} - got.size());
        CONTRACT_CHECK(!machine::copy_from_user({}, kHole));
        CONTRACT_CHECK(!machine::copy_to_user(kHole, {}));
        return 5;
    };
    CONTRACT_CHECK(run_to_end(program) == 5);
    close_space(space);
}

CONTRACT_CASE(ExchangesReplaceOnlyWhatIsExpected) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kCallOnce);
    word_in(map_page(space, kUserData)) = 0x1111'1111'2222'2222;
    Program program(space);
    program.start.a(7) = kAskCall;
    program.called = [](Program&, UserRegisters&, u64) -> i64 {
        u32 found = 0;
        CONTRACT_CHECK(!machine::exchange_in_user(kUserData, 1, 2, found));
        CONTRACT_CHECK(found == 0x2222'2222);
        CONTRACT_CHECK(!machine::exchange_in_user(kUserData, found, 0x3333'3333, found));
        CONTRACT_CHECK(found == 0x2222'2222);
        CONTRACT_CHECK(!machine::exchange_in_user(kUserData + 4, 0x1111'1111, 4, found));
        CONTRACT_CHECK(found == 0x1111'1111);
        const VirtAddr hole = kUserData + kernel::kPageSize;
        CONTRACT_CHECK(machine::exchange_in_user(hole, 0, 1, found) == hole);
        const u32 code = kCallOnce[0];
        CONTRACT_CHECK(machine::exchange_in_user(kUserCode, code, 1, found) == kUserCode);
        return 6;
    };
    CONTRACT_CHECK(run_to_end(program) == 6);
    CONTRACT_CHECK(word_in(*space.find(kUserData)) == 0x0000'0004'3333'3333);
    close_space(space);
}

CONTRACT_CASE(AnEndlessProgramIsInterrupted) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kLoop);
    Program program(space);
    program.exiting = end_at_exit;
    program.start.a(0) = 9;
    kernel::Atomic<u32> other_ran{0};
    Helpers helpers;
    Task& endless = helpers.start(program, HartSet{1});
    helpers.start(
        [](void* argument) {
            auto& ran = *static_cast<kernel::Atomic<u32>*>(argument);
            for (u32 round = 0; round < 3; ++round) {
                (void)sched::sleep_for(kernel::nanos_from_micros(100));  // ignored: only a pause
                ran.fetch_add(1, std::memory_order_relaxed);             // relaxed: a count
            }
        },
        &other_ran, HartSet{1}, sched::kNormalPriority + 1);
    // relaxed: a count.
    CONTRACT_CHECK(sleep_until([&] { return other_ran.load(std::memory_order_relaxed) == 3; }));
    want_exit(program, endless);
    helpers.join();
    CONTRACT_CHECK(program.result.load(std::memory_order_relaxed) == 9);
    close_space(space);
}

CONTRACT_CASE(UserExitMayChangeEveryRegister) {
    const UserCase around;
    // Loops at its beginning; at kHandler ends with s0 ^ a0 ^ t6.
    constexpr u64 kHandler = kCodePage + 4;
    constexpr u32 kCode[] = {jal(zero, 0), add(a0, a0, s0), add(a0, a0, t6), li(a7, kEndCall),
                             kEcall};
    UserSpace space;
    open_with_code(space, kCode);
    Program program(space);
    program.start.x(s0) = 1;
    program.exiting = [](Program& self, UserRegisters& registers) {
        self.exit_wanted.store(0, std::memory_order_relaxed);  // relaxed: its own
        CONTRACT_CHECK(registers.pc == kCodePage);
        CONTRACT_CHECK(registers.x(s0) == 1);
        registers.pc = kHandler;
        registers.x(s0) = 100;
        registers.a(0) = 20;
        registers.x(t6) = 3;
    };
    Helpers helpers;
    Task& task = helpers.start(program);
    (void)sched::sleep_for(kernel::nanos_from_micros(50));  // ignored: either way it must end
    want_exit(program, task);
    helpers.join();
    CONTRACT_CHECK(program.result.load(std::memory_order_relaxed) == 123);
    close_space(space);
}

CONTRACT_CASE(UserExitComesAfterFullCallsAndTraps) {
    const UserCase around;
    // A call, then a load of what is not there, then the end; s1 counts the times at user_exit().
    constexpr u32 kCode[] = {kEcall, ld(t0, 0, s0), add(a0, t0, s1), li(a7, kEndCall), kEcall};
    UserSpace space;
    open_with_code(space, kCode);
    Program program(space);
    program.start.a(7) = kAskCall;
    program.start.x(s0) = kUserData.value;
    program.called = [](Program& self, UserRegisters&, u64) -> i64 {
        self.exit_wanted.store(1, std::memory_order_relaxed);  // relaxed: its own
        return 1000;
    };
    program.trapped = [](Program& self, UserRegisters&, UserTrap, VirtAddr at) {
        word_in(map_page(self.space, at)) = 7;
        machine::catch_up_with_user_space();
        self.exit_wanted.store(1, std::memory_order_relaxed);  // relaxed: its own
    };
    program.exiting = [](Program& self, UserRegisters& registers) {
        self.exit_wanted.store(0, std::memory_order_relaxed);  // relaxed: its own
        CONTRACT_CHECK(registers.pc == kCodePage + 4);
        CONTRACT_CHECK(registers.a(0) == 1000);
        registers.x(s1) += 10;
    };
    CONTRACT_CHECK(run_to_end(program) == 27);
    close_space(space);
}

CONTRACT_CASE(EnteringAnewForgetsTheStack) {
    const UserCase around;
    UserSpace space;
    open_with_code(space, kCallOnce);
    Program program(space);
    program.start.a(7) = kAskCall;
    // Each time on top of the last these would need more than any kernel stack has.
    static constexpr u64 kTimes = 600;
    program.called = [](Program&, UserRegisters& registers, u64 times) -> i64 {
        volatile u64 frame[64];
        for (auto& word : frame) word = times;
        if (times == kTimes) return 4321;
        registers = {};
        registers.pc = kCodePage;
        registers.a(0) = times + 1;
        registers.a(7) = kAskCall;
        machine::enter_user();
    };
    CONTRACT_CHECK(run_to_end(program) == 4321);
    close_space(space);
}

namespace {

constexpr u32 kFcsr = 0x003;
constexpr u64 kNoFloats = 1000;
constexpr u32 fmv_d_x(u32 to, u32 from) { return 0xf200'0053 | from << 15 | to << 7; }
constexpr u32 fmv_x_d(u32 to, u32 from) { return 0xe200'0053 | from << 15 | to << 7; }

/// Of a machine without floating point: the first instruction that needs it ends the program.
void end_without_floats(Program& program, UserRegisters& registers, UserTrap trap, VirtAddr) {
    CONTRACT_CHECK(trap == UserTrap::kIllegalInstruction);
    CONTRACT_CHECK(registers.pc == kCodePage);
    CONTRACT_CHECK(program.floats.used == 0);
    end_program(program, kNoFloats);
}

}  // namespace

CONTRACT_CASE(FloatRegistersAreOfOneProgram) {
    const UserCase around;
    // Both have something of their own in f1 and fcsr, give way s2 times, and look. What is left of
    // s2 is what they end with.
    constexpr u32 kCode[] = {fmv_d_x(1, s1),
                             csrw(kFcsr, s3),
                             addi(a7, s4, 0),
                             kEcall,
                             fmv_x_d(t0, 1),
                             bne(t0, s1, 20),
                             csrr(t0, kFcsr),
                             bne(t0, s3, 12),
                             addi(s2, s2, ~u64{0}),
                             bne(s2, zero, u64{0} - 28),
                             addi(a0, s2, 0),
                             li(a7, kEndCall),
                             kEcall};
    UserSpace space;
    open_with_code(space, kCode);
    std::array<Program, 2> programs{Program{space}, Program{space}};
    Helpers helpers;
    for (u64 i = 0; i < programs.size(); ++i) {
        Program& program = programs[i];
        program.trapped = end_without_floats;
        program.called = [](Program&, UserRegisters&, u64) -> i64 {
            sched::yield();
            return 0;
        };
        program.start.x(s1) = 0x3ff0'1234'5678'9abc + i;
        program.start.x(s2) = 200;
        program.start.x(s3) = 0x21 + 0x42 * i;
        program.start.x(s4) = kAskCall;
        helpers.start(program, HartSet{1});
    }
    helpers.join();
    // relaxed: after join().
    const u64 result = programs[0].result.load(std::memory_order_relaxed);
    CONTRACT_CHECK(result == 0 || result == kNoFloats);
    CONTRACT_CHECK(programs[1].result.load(std::memory_order_relaxed) == result);
    close_space(space);
}

CONTRACT_CASE(FloatRegistersAreTheKernelsOncePutAway) {
    const UserCase around;
    constexpr u64 kPattern = 0x4000'0000'0000'0001;
    constexpr u32 kCode[] = {fmv_d_x(9, s1),   csrw(kFcsr, s3), kEcall,          fmv_x_d(a0, 9),
                             csrr(t0, kFcsr),  add(a0, a0, t0), fmv_x_d(t0, 10), add(a0, a0, t0),
                             li(a7, kEndCall), kEcall};
    UserSpace space;
    open_with_code(space, kCode);
    Program program(space);
    program.trapped = end_without_floats;
    program.called = [](Program& self, UserRegisters&, u64) -> i64 {
        machine::put_floats_away();
        CONTRACT_CHECK(self.floats.used != 0);
        CONTRACT_CHECK(self.floats.f[9] == kPattern);
        CONTRACT_CHECK(self.floats.f[8] == 0);
        CONTRACT_CHECK(self.floats.control == 0x7f);
        // A turn of others does not touch them either.
        sched::yield();
        self.floats.f[9] = 100;
        self.floats.f[10] = 20;
        self.floats.control = 3;
        return 0;
    };
    program.start.x(s1) = kPattern;
    program.start.x(s3) = 0x7f;
    program.start.a(7) = kAskCall;
    const u64 result = run_to_end(program);
    CONTRACT_CHECK(result == 123 || result == kNoFloats);
    close_space(space);
}

CONTRACT_CASE(AReservationIsOfOneProgram) {
    const UserCase around;
    // The first asks, reserves the word at s0, and asks; the second asks and stores there as if it
    // had reserved it.
    constexpr u32 kCode[] = {kEcall, lr(8, t0, s0), addi(a7, s1, 0), kEcall, li(a7, kEndCall),
                             kEcall,
                             // 24
                             kEcall, sc(8, a0, s1, s0), addi(a0, a0, 10), li(a7, kEndCall), kEcall};
    constexpr u64 kSecond = kCodePage + 24;
    UserSpace space;
    open_with_code(space, kCode);
    map_page(space, kUserData);
    static constinit kernel::Atomic<u32> turn{0};
    // relaxed (all in this case): nothing orders on it.
    turn.store(0, std::memory_order_relaxed);
    static constexpr auto await = [](u32 wanted) {
        CONTRACT_CHECK(sleep_until([&] { return turn.load(std::memory_order_relaxed) == wanted; }));
    };
    Program first(space);
    first.called = [](Program&, UserRegisters& registers, u64) -> i64 {
        if (registers.pc == kCodePage + 4) {
            await(1);  // the second is in its call
        } else {
            turn.store(2, std::memory_order_relaxed);
            await(3);
        }
        return 3;
    };
    Program second(space);
    second.start.pc = kSecond;
    second.called = [](Program&, UserRegisters&, u64) -> i64 {
        turn.store(1, std::memory_order_relaxed);
        await(2);
        return 0;
    };
    Helpers helpers;
    for (Program* const program : {&first, &second}) {
        program->start.x(s0) = kUserData.value;
        program->start.x(s1) = kAskCall;
        program->start.a(7) = kAskCall;
        helpers.start(*program, HartSet{1});
    }
    const bool ended =
        sleep_until([&] { return second.result.load(std::memory_order_relaxed) != 0; });
    CONTRACT_CHECK(ended);
    turn.store(3, std::memory_order_relaxed);
    helpers.join();
    CONTRACT_CHECK(first.result.load(std::memory_order_relaxed) == 3);
    // sc says 0 if it has stored.
    CONTRACT_CHECK(second.result.load(std::memory_order_relaxed) > 10);
    close_space(space);
}

CONTRACT_CASE(AProgramGoesOnOnAnotherHart) {
    const UserCase around;
    // Adds one to the word at s0 for ever.
    constexpr u32 kCode[] = {ld(t0, 0, s0), addi(t0, t0, 1), sd(t0, 0, s0), jal(zero, u64{0} - 12)};
    UserSpace space;
    open_with_code(space, kCode);
    const PhysAddr data = map_page(space, kUserData);
    Program program(space);
    program.exiting = end_at_exit;
    program.start.x(s0) = kUserData.value;
    program.start.a(0) = 17;
    Helpers helpers;
    Task& task = helpers.start(program, HartSet{1});
    const std::atomic_ref<u64> counter(word_in(data));
    for (u32 round = 0; round < 3; ++round) {
        for (machine::HartIndex hart = 0; hart < machine::hart_count(); ++hart) {
            task.set_harts(HartSet{1} << hart);
            // relaxed: a count.
            const u64 before = counter.load(std::memory_order_relaxed);
            CONTRACT_CHECK(sleep_until([&] {
                // acquire: pairs with [user.harts].
                const u64 running = space.harts().load(std::memory_order_acquire);
                return task.hart() == hart && (running & ~(u64{1} << hart)) == 0 &&
                       counter.load(std::memory_order_relaxed) > before;
            }));
        }
    }
    CONTRACT_CHECK(sleep_until([&] {
        want_exit(program, task);
        return program.result.load(std::memory_order_relaxed) == 17;
    }));
    helpers.join();
    close_space(space);
}

}  // namespace contract::cases
