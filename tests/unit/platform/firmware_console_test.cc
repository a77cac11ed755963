// The console through firmware of all ages and moods.
#include "arch/riscv64/platform/firmware_console.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/unit/platform/board.h"

namespace arch::riscv64 {
namespace {

using test::Board;
using test::FakeFirmware;
using Version = FakeFirmware::Version;

constexpr usize kRoom = 16;
std::array<char, kRoom> room;

FirmwareConsole::Bounce bounce_of_test() {
    return {.room = room, .at = {VirtAddr::of(room.data()).value}};
}

const std::string kText = "a text that is longer than the room firmware can read\n";

TEST(FirmwareConsole, UntilItIsOpenedTheLegacyCallIsUsed) {
    Board board(Version::k2_0);
    FirmwareConsole console(bounce_of_test);
    console.write("early");
    EXPECT_EQ(board.firmware.console, "early");
    EXPECT_EQ(board.firmware.console_writes, 0u);
}

TEST(FirmwareConsole, FirmwareWithoutADebugConsoleGetsByteByByte) {
    for (const Version version : {Version::k0_2, Version::k0_3, Version::k1_0}) {
        Board board(version);
        FirmwareConsole console(bounce_of_test);
        console.open();
        console.write(kText);
        console.write("\xff");
        EXPECT_EQ(board.firmware.console, kText + "\xff");
        EXPECT_EQ(board.firmware.calls_of_missing, 0u);
    }
}

TEST(FirmwareConsole, TheLegacyCallIsUsedThoughTheProbeDoesNotTellOfIt) {
    Board board(Version::k1_0);
    board.firmware.lists_legacy = false;
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write("said");
    EXPECT_EQ(board.firmware.console, "said");
}

TEST(FirmwareConsole, WithNeitherCallTextIsLost) {
    Board board(Version::k1_0);
    board.firmware.extensions.erase(sbi::Extension::kLegacyPutchar);
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write("said to nobody");
    EXPECT_EQ(board.firmware.console, "");
    EXPECT_EQ(board.firmware.calls_of_missing, 0u);
}

TEST(FirmwareConsole, TheDebugConsoleTakesTextInPieces) {
    Board board(Version::k2_0);
    board.firmware.takes = {{.bytes = 1}, {.bytes = 0}, {.bytes = 7}, {.bytes = 0}, {.bytes = 0}};
    board.firmware.usual_take = {.bytes = 5};
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write(kText);
    EXPECT_EQ(board.firmware.console, kText) << "nothing lost and nothing twice";
}

TEST(FirmwareConsole, WhatFailsIsLostAndTheRestIsTried) {
    Board board(Version::k2_0);
    board.firmware.takes = {{}, {.status = sbi::Status::kFailed}};
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write(kText);
    EXPECT_EQ(board.firmware.console, kText.substr(0, kRoom) + kText.substr(2 * kRoom));
}

TEST(FirmwareConsole, ABrokenConsoleLosesAllAndKeepsNobody) {
    Board board(Version::k2_0);
    for (const sbi::Status status :
         {sbi::Status::kFailed, sbi::Status::kNotSupported, sbi::Status::kDenied}) {
        board.firmware.usual_take = {.status = status};
        board.firmware.console_writes = 0;
        FirmwareConsole console(bounce_of_test);
        console.open();
        console.write(kText);
        EXPECT_EQ(board.firmware.console_writes, (kText.size() + kRoom - 1) / kRoom);
    }
    EXPECT_EQ(board.firmware.console, "");
}

TEST(FirmwareConsole, AConsoleThatStandsStillIsGivenUpOnce) {
    Board board(Version::k2_0);
    board.firmware.usual_take = {.bytes = 0};
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write("x");
    EXPECT_EQ(board.firmware.console_writes, FirmwareConsole::kIdleWritesMax);
    console.write("y");
    EXPECT_EQ(board.firmware.console_writes, FirmwareConsole::kIdleWritesMax + 1);
    // It comes back, and is waited for again.
    board.firmware.usual_take = {};
    console.write("back");
    EXPECT_EQ(board.firmware.console, "back");
    board.firmware.takes.assign(FirmwareConsole::kIdleWritesMax - 1, {.bytes = 0});
    console.write("!");
    EXPECT_EQ(board.firmware.console, "back!");
}

TEST(FirmwareConsole, FirmwareThatClaimsToHaveWrittenMoreThanItGotIsNotBelieved) {
    Board board(Version::k2_0);
    board.firmware.takes = {{.bytes = 1000}};
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write(kText);
    EXPECT_EQ(board.firmware.console, kText);
}

TEST(FirmwareConsole, NoTextIsNoCall) {
    Board board(Version::k2_0);
    FirmwareConsole console(bounce_of_test);
    console.open();
    console.write("");
    EXPECT_EQ(board.firmware.console_writes, 0u);
}

}  // namespace
}  // namespace arch::riscv64
