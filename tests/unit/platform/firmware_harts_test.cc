// Harts, fences and alarms through firmware.
#include <gtest/gtest.h>

#include <array>

#include "arch/riscv64/platform/alarm.h"
#include "arch/riscv64/platform/other_harts.h"
#include "arch/riscv64/platform/remote_fence.h"
#include "arch/riscv64/platform/sbi.h"
#include "tests/unit/platform/board.h"

namespace arch::riscv64 {
namespace {

using sbi::Extension;
using test::Board;
using test::FakeFirmware;
using Version = FakeFirmware::Version;

constexpr PhysAddr kEntry{0x4020'0080};
constexpr u64 kHarts[] = {1, 2, 4};

TEST(OtherHarts, EachIsAskedToStartOnce) {
    Board board;
    EXPECT_TRUE(firmware_reaches_other_harts());
    EXPECT_EQ(start_harts(kHarts, kEntry), 3u);
    const std::vector<FakeFirmware::Start> expected{
        {1, kEntry.value, 0}, {2, kEntry.value, 0}, {4, kEntry.value, 0}};
    EXPECT_EQ(board.firmware.starts, expected);
    EXPECT_EQ(board.log, "");
}

TEST(OtherHarts, OneThatIsRefusedIsSaidAndLeft) {
    Board board;
    board.firmware.harts_that_refuse = {2};
    EXPECT_EQ(start_harts(kHarts, kEntry), 2u);
    EXPECT_EQ(board.firmware.starts.size(), 3u);
    EXPECT_EQ(board.log, "harts: 2 does not start: firmware says -1\n");
}

TEST(OtherHarts, WithoutHsmThoseThatWereLetInGoOn) {
    Board board(Version::k0_2);
    board.firmware.extensions.erase(Extension::kHart);
    EXPECT_EQ(start_harts(kHarts, kEntry), 3u);
    EXPECT_EQ(board.firmware.calls_of_missing, 0u);
    EXPECT_NE(board.log.find("no HSM"), std::string::npos);
}

TEST(OtherHarts, WithoutInterruptsOrFencesOneHartGoesOn) {
    for (const Extension missing : {Extension::kIpi, Extension::kFence}) {
        Board board(Version::k0_2);
        board.firmware.extensions.erase(missing);
        EXPECT_FALSE(firmware_reaches_other_harts());
        EXPECT_NE(board.log.find("one goes on"), std::string::npos);
        EXPECT_EQ(board.firmware.calls_of_missing, 0u);
    }
}

TEST(OtherHarts, AnInterruptNamesItsHart) {
    Board board;
    EXPECT_TRUE(sbi::send_ipi(3).ok());
    EXPECT_TRUE(sbi::send_ipi(64).ok()) << "a hart beyond the first mask";
    EXPECT_EQ(board.firmware.interrupted, (std::vector<u64>{3, 64}));
}

TEST(RemoteFence, ReachesEveryHartAndForgetsEverything) {
    Board board;
    fence_translations_everywhere();
    fence_instructions_everywhere();
    constexpr u64 kAll = ~u64{0};
    const std::vector<FakeFirmware::Fence> expected{{1, 0, kAll, 0, kAll}, {0, 0, kAll, 0, 0}};
    EXPECT_EQ(board.firmware.fences, expected);
}

TEST(RemoteFenceDeathTest, ARefusalStopsTheKernel) {
    Board board;
    board.firmware.fence_answer = sbi::Status::kFailed;
    EXPECT_DEATH(fence_translations_everywhere(), "firmware refused a remote fence: -1");
    EXPECT_DEATH(fence_instructions_everywhere(), "firmware refused a remote fence.i: -1");
    board.firmware.extensions.erase(Extension::kFence);
    EXPECT_DEATH(fence_translations_everywhere(), "firmware refused a remote fence: -2");
}

TEST(Alarm, TheComparatorIsUsedWhereItIsListedAndThere) {
    Board board;
    EXPECT_EQ(choose_alarm(true, [] { return true; }), AlarmBy::kComparator);
    EXPECT_EQ(board.firmware.probes, 0u);
    EXPECT_EQ(choose_alarm(true, [] { return false; }), AlarmBy::kFirmware)
        << "firmware older than the hart does not let us at it";
    EXPECT_EQ(choose_alarm(false,
                           [] {
                               ADD_FAILURE() << "the register was touched";
                               return true;
                           }),
              AlarmBy::kFirmware);
}

TEST(Alarm, FirmwareIsGivenTheDeadline) {
    Board board(Version::k0_2);
    sbi::set_timer(123'456);
    sbi::set_timer(~u64{0});
    EXPECT_EQ(board.firmware.deadlines, (std::vector<u64>{123'456, ~u64{0}}));
}

TEST(AlarmDeathTest, AHartThatNothingEverWakesIsNotStarted) {
    Board board(Version::k0_2);
    board.firmware.extensions.erase(Extension::kTimer);
    EXPECT_DEATH((void)choose_alarm(false, [] { return false; }), "no timer");
    EXPECT_EQ(choose_alarm(true, [] { return true; }), AlarmBy::kComparator);
    EXPECT_EQ(board.firmware.calls_of_missing, 0u);
}

TEST(Sbi, FirmwareOlderThanTheProbeHasNothing) {
    Board board(Version::k0_2);
    board.firmware.extensions = {Extension::kLegacyPutchar, Extension::kLegacyShutdown};
    for (const Extension extension : {Extension::kTimer, Extension::kHart, Extension::kReset}) {
        EXPECT_FALSE(sbi::has(extension));
    }
}

}  // namespace
}  // namespace arch::riscv64
