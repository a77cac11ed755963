// Programs without memory: who ends so that who goes on.
#include <gtest/gtest.h>

#include "proc/control.h"
#include "proc/killbig.h"
#include "proc/user_mode.h"
#include "tests/unit/proc/program_world.h"

namespace kernel::proc::test {
namespace {

using namespace interpreter_tests;
using namespace interpreter_tests::mnemonics;

constexpr chan::DirEntry kFiles[] = {
    {"big", 1, 0, 0555}, {"small", 2, 0, 0555}, {"threads", 3, 0, 0555}};

/// Of 16 MiB, too many for both, but not for either.
constexpr u64 kMemory = 16 * kMiB;
constexpr u64 kBig = 2400;
constexpr u64 kSmall = 2000;

/// Writes to `pages` pages below the stack pointer.
Code touching(u64 pages) {
    const u64 upper = (pages + 0x800) & ~u64{0xfff};
    return {
        lui(s1, upper),
        addi(s1, s1, pages - upper),
        lui(s2, u64{0xffff'f000}),
        addi(s0, sp, 0),
        add(s0, s0, s2),
        sd(s1, 0, s0),
        addi(s1, s1, ~u64{0}),
        bne(s1, zero, u64{0} - 12),
    };
}
/// Sleeps for ever, on a semaphore that nobody releases.
Code waiting() { return {lui(a0, kData), addi(a1, zero, 1), addi(a7, zero, kAcquire), kEcall}; }
/// Both go on behind it, with the same memory.
Code forking() {
    return {addi(a0, zero, static_cast<u64>(Memory::kShareData)), addi(a1, zero, 0),
            addi(a7, zero, kFork), kEcall};
}

void run_hungry(const std::function<void()>& body, u64 seeds, u32 harts) {
    ProgramDevice device(kFiles);
    device.set(1, program(touching(kBig) + waiting()));
    device.set(2, program(touching(kSmall) + ending(-1)));
    device.set(3, program(forking() + touching(1500) + waiting()));
    for (u64 seed = 1; seed <= seeds; ++seed) {
        WorldOptions options;
        options.machine.harts = harts;
        options.machine.seed = seed;
        options.machine.memory = kMemory;
        options.machine.scheduler.switching = UserMode::switching;
        options.devices = {&device};
        run_world(body, options);
        if (testing::Test::HasFailure()) return;
    }
}

bool is_waiting(u32 pid) {
    const ProcHold hold = table().hold(pid);
    return hold && hold->my_space() != nullptr &&
           hold->task().state() == sched::TaskState::kWakeme && hold->my_space()->resident() > 1000;
}

/// Makes a process that has kBig pages, and waits until it has.
ProcId make_big() {
    const ProcId big = run_program("#x/big");
    eventually([&] { return is_waiting(big.pid); });
    return big;
}

/// What each child ended with, until there are no more.
std::vector<std::string> endings() {
    std::vector<std::string> all;
    for (;;) {  // ends with the children
        const Result<WaitRecord> record = wait();
        if (!record.ok()) return all;
        all.emplace_back(record.value().message.view());
    }
}

TEST(Killbig, EndsTheLargestSoThatOthersGoOn) {
    run_hungry(
        [] {
            make_big();
            run_program("#x/small");
            std::vector<std::string> all = endings();
            std::ranges::sort(all);
            ASSERT_EQ(all.size(), 2U);
            EXPECT_EQ(all[0], "");
            EXPECT_TRUE(all[1].ends_with(": Killed: Insufficient physical memory")) << all[1];
        },
        4, 2);
}

TEST(Killbig, SparesWhatTheHostOwnerProtects) {
    run_hungry(
        [] {
            for (const bool by_mode : {false, true}) {
                const ProcId big = make_big();
                {
                    const ProcHold hold = table().hold(big.pid);
                    ASSERT_TRUE(hold);
                    hold->assert_held();
                    if (by_mode) hold->attributes().mode = 0440;
                    if (!by_mode) hold->attributes().no_swap = true;
                }
                run_program("#x/small");
                EXPECT_TRUE(must_wait().message.view().ends_with(": sys: no memory for a page"));
                EXPECT_TRUE(is_waiting(big.pid));
                EXPECT_TRUE(kill(ref_of(big.pid)).ok());
                EXPECT_TRUE(must_wait().message.view().ends_with(": Killed"));
            }
        },
        2, 2);
}

TEST(Killbig, EndsAllWhoShareTheData) {
    run_hungry(
        [] {
            run_program("#x/threads");
            eventually([] {
                u32 waiting = 0;
                ProcTable::Cursor cursor;
                while (const std::optional<ProcRef> ref = table().next(cursor)) {
                    if (is_waiting(ref->pid)) ++waiting;
                }
                return waiting == 2;
            });
            run_program("#x/small");
            const std::vector<std::string> all = endings();
            // The forked one's record is its maker's, unless that ended first.
            ASSERT_GE(all.size(), 2U);
            EXPECT_EQ(std::ranges::count(all, ""), 1);
            EXPECT_EQ(std::ranges::count_if(all,
                                            [](const std::string& one) {
                                                return one.ends_with(
                                                    ": Killed: Insufficient physical memory");
                                            }),
                      all.size() - 1);
            eventually([] { return table().counts().live == 1; });
        },
        4, 3);
}

TEST(Killbig, LetsOneOfTwoThatWantTooMuchGoOn) {
    run_hungry(
        [] {
            run_program("#x/small");
            run_program("#x/small");
            run_program("#x/small");
            const std::vector<std::string> all = endings();
            ASSERT_EQ(all.size(), 3U);
            // Those that end one after the other may all find memory.
            EXPECT_GE(std::ranges::count(all, ""), 1);
        },
        8, 3);
}

TEST(Killbig, ReleasesWhatIsBrokenBeforeItEndsAnybody) {
    run_hungry(
        [] {
            const ProcId big = make_big();
            // Its memory stays, for a debugger.
            EXPECT_TRUE(post_note(ref_of(big.pid), NoteKind::kDebug, "sys: enough").ok());
            EXPECT_TRUE(must_wait().message.view().contains("sys: enough"));
            run_program("#x/small");
            EXPECT_EQ(must_wait().message.view(), "");
            eventually([] { return table().counts().live == 1; });
        },
        4, 2);
}

TEST(Killbig, KnowsHowManyPagesAnAddressSpaceHas) {
    run_hungry(
        [] {
            const auto write = [](mm::AddressSpace& space, u64 page) {
                EXPECT_TRUE(
                    space.put({kData + page * kPageSize}, as_bytes(std::string_view("data"))).ok());
            };
            Ref<mm::AddressSpace> space = mm::AddressSpace::create().value();
            EXPECT_TRUE(space->add({.start = {kData}, .end = {kData + 8 * kPageSize}}).ok());
            for (const u64 page : {0, 1, 5, 1}) write(*space, page);
            EXPECT_EQ(space->resident(), 3U);
            std::array<std::byte, 4> read{};
            EXPECT_TRUE(space->get(read, {kData + 6 * kPageSize}).ok());
            EXPECT_EQ(space->resident(), 3U) << "zeroes are nobody's";
            write(*space, 6);
            EXPECT_EQ(space->resident(), 4U);
            const Ref<mm::AddressSpace> copy = space->fork(mm::AddressSpace::Data::kCopied).value();
            write(*copy, 0);
            EXPECT_EQ(copy->resident(), 4U) << "in place of the common one";
            write(*copy, 7);
            EXPECT_EQ(copy->resident(), 5U);
            EXPECT_EQ(space->resident(), 4U);
            EXPECT_FALSE(copy->has_data_of(*space));
            EXPECT_TRUE(space->resize_bss({kData + 2 * kPageSize}).ok());
            EXPECT_EQ(space->resident(), 2U);
            const Ref<mm::AddressSpace> shared =
                space->fork(mm::AddressSpace::Data::kShared).value();
            EXPECT_TRUE(shared->has_data_of(*space));
            EXPECT_FALSE(shared->has_data_of(*copy));
            EXPECT_EQ(shared->resident(), 2U);
            const Ref<mm::AddressSpace> own = shared->fork(mm::AddressSpace::Data::kCopied).value();
            EXPECT_FALSE(own->has_data_of(*space));
            EXPECT_EQ(own->resident(), 2U);
            EXPECT_TRUE(space->forget({kData}, kPageSize).ok());
        },
        1, 1);
}

}  // namespace
}  // namespace kernel::proc::test
