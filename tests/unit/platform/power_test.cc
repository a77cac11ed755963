// Leaving the machine: which ways are tried, in which order, on machines that lack some.
#include "arch/riscv64/platform/power.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/platform/board.h"

namespace arch::riscv64 {
namespace {

using sbi::Extension;
using sbi::ResetType;
using test::Board;
using test::FakeFirmware;
using Version = FakeFirmware::Version;
using Ways = std::vector<std::string>;

constexpr const char* kMessage = "\nIt is now safe to switch off the machine.\n";
constexpr PhysRange kFinisher{{0x10'0000}, 0x1000};

FakeFirmware* firmware = nullptr;
bool semihosting_listens = true;

/// QEMU's finisher, or one that does nothing.
class FinisherModel final : public host::RegisterModel {
public:
    explicit FinisherModel(bool works) : works_(works) {}
    u64 read(u64, unsigned) override {
        ADD_FAILURE() << "it cannot be read";
        return 0;
    }
    void write(u64 offset, unsigned width, u64 value) override {
        EXPECT_EQ(offset, 0u);
        EXPECT_EQ(width, 4u);
        std::string way = "finisher: nonsense";
        if (value == 0x5555) way = "finisher: pass";
        if (value == 0x7777) way = "finisher: reset";
        if ((value & 0xffff) == 0x3333) way = "finisher: fail " + std::to_string(value >> 16);
        firmware->leave(way, works_);
    }

private:
    const bool works_;
};

/// A board that a test leaves.
struct Leaving {
    explicit Leaving(Version version, FinisherModel* finisher = nullptr, std::string args = {})
        : board(version, devices(finisher), std::move(args)), machine(test::machine_with(1)) {
        firmware = &board.firmware;
        if (finisher != nullptr) machine->finisher = kFinisher;
        init_power(*machine);
    }
    ~Leaving() {
        EXPECT_EQ(board.firmware.calls_of_missing, 0u);
        init_power(*test::machine_with(1));
        firmware = nullptr;
    }
    static std::vector<host::Device> devices(FinisherModel* finisher) {
        if (finisher == nullptr) return {};
        return {{.compatible = "sifive,test0", .registers = kFinisher, .model = finisher}};
    }

    Ways off(u8 status = 0) {
        try_to_power_off(status);
        return board.firmware.ways_out;
    }
    Ways again() {
        try_to_reboot();
        return board.firmware.ways_out;
    }

    Board board;
    std::unique_ptr<boot::MachineDescription> machine;
};

TEST(Power, FirmwareOfOldShutsDownByTheLegacyCall) {
    for (const Version version : {Version::k0_2, Version::k0_3}) {
        Leaving leaving(version);
        EXPECT_EQ(leaving.off(), Ways{"legacy shutdown"});
        EXPECT_TRUE(leaving.board.firmware.gone);
        EXPECT_EQ(leaving.board.early, "");
    }
}

TEST(Power, ABoardWithoutAnyWayOutSaysSo) {
    for (const Version version : {Version::k0_2, Version::k0_3}) {
        for (const bool has_the_call : {true, false}) {
            Leaving leaving(version);
            leaving.board.firmware.legacy_shutdown_works = false;
            if (!has_the_call) leaving.board.firmware.extensions.erase(Extension::kLegacyShutdown);
            EXPECT_EQ(leaving.off(7), Ways{"legacy shutdown"});
            EXPECT_FALSE(leaving.board.firmware.gone);
            EXPECT_EQ(leaving.board.early, kMessage);
        }
    }
}

TEST(Power, FirmwareThatListsResetButHasNoDeviceForIt) {
    Leaving leaving(Version::k0_3);
    leaving.board.firmware.extensions.insert(Extension::kReset);
    EXPECT_EQ(leaving.off(), (Ways{"shutdown", "cold reboot", "legacy shutdown"}));
}

TEST(Power, TheStatusBecomesTheReason) {
    EXPECT_EQ(Leaving(Version::k1_0).off(0), Ways{"shutdown"});
    EXPECT_EQ(Leaving(Version::k1_0).off(2), Ways{"shutdown after a failure"});
    EXPECT_EQ(Leaving(Version::k2_0).off(255), Ways{"shutdown after a failure"});
}

TEST(Power, WhereShutdownIsRefusedTheMachineStartsAgain) {
    Leaving leaving(Version::k1_0);
    leaving.board.firmware.resets_that_work = {ResetType::kColdReboot};
    EXPECT_EQ(leaving.off(), (Ways{"shutdown", "cold reboot"}));
    EXPECT_TRUE(leaving.board.firmware.gone);
}

TEST(Power, WhereEveryResetIsRefusedTheLegacyCallIsLeft) {
    Leaving leaving(Version::k1_0);
    leaving.board.firmware.resets_that_work = {};
    EXPECT_EQ(leaving.off(), (Ways{"shutdown", "cold reboot", "legacy shutdown"}));
    EXPECT_TRUE(leaving.board.firmware.gone);
}

TEST(Power, TheFinisherTellsTheStatusAndComesFirst) {
    FinisherModel finisher(true);
    EXPECT_EQ(Leaving(Version::k1_0, &finisher).off(0), Ways{"finisher: pass"});
    EXPECT_EQ(Leaving(Version::k1_0, &finisher).off(7), Ways{"finisher: fail 7"});
    EXPECT_EQ(Leaving(Version::k1_0, &finisher).off(255), Ways{"finisher: fail 255"});
    EXPECT_EQ(Leaving(Version::k1_0, &finisher, "*semihosting=1").off(3), Ways{"finisher: fail 3"});
}

TEST(Power, AFinisherThatDoesNothingIsPassedOver) {
    FinisherModel finisher(false);
    EXPECT_EQ(Leaving(Version::k0_2, &finisher).off(0),
              (Ways{"finisher: pass", "legacy shutdown"}));
}

TEST(Power, BeforeTheMachineIsKnownThereIsFirmware) {
    FinisherModel finisher(true);
    Leaving leaving(Version::k1_0, &finisher);
    init_power(*test::machine_with(1));  // no finisher, as before the tree was read
    EXPECT_EQ(leaving.off(2), Ways{"shutdown after a failure"});
}

TEST(Power, SemihostingIsUsedOnlyWhenAskedFor) {
    semihosting_listens = true;
    EXPECT_EQ(Leaving(Version::k1_0, nullptr, "*semihosting=1").off(42), Ways{"semihosting 42"});
    EXPECT_EQ(Leaving(Version::k1_0, nullptr, "*semihosting=0").off(0), Ways{"shutdown"});
    EXPECT_EQ(Leaving(Version::k1_0).off(0), Ways{"shutdown"});
    semihosting_listens = false;
    EXPECT_EQ(Leaving(Version::k1_0, nullptr, "*semihosting=1").off(0),
              (Ways{"semihosting 0", "shutdown"}));
}

TEST(Power, ARebootIsColdThenWarmThenTheEnd) {
    FinisherModel finisher(true);
    EXPECT_EQ(Leaving(Version::k1_0, &finisher).again(), Ways{"finisher: reset"});
    EXPECT_EQ(Leaving(Version::k1_0).again(), Ways{"cold reboot"});
    {
        Leaving leaving(Version::k1_0);
        leaving.board.firmware.resets_that_work = {ResetType::kWarmReboot};
        EXPECT_EQ(leaving.again(), (Ways{"cold reboot", "warm reboot"}));
    }
    {
        Leaving leaving(Version::k1_0);
        leaving.board.firmware.resets_that_work = {ResetType::kShutdown};
        EXPECT_EQ(leaving.again(), (Ways{"cold reboot", "warm reboot", "shutdown"}));
    }
    EXPECT_EQ(Leaving(Version::k0_2).again(), Ways{"legacy shutdown"});
}

}  // namespace

extern "C" std::uint64_t riscv64_semihosting_call(std::uint64_t operation, const void* block) {
    EXPECT_EQ(operation, 0x20u);
    const auto* words = static_cast<const u64*>(block);
    EXPECT_EQ(words[0], 0x20026u);
    firmware->leave("semihosting " + std::to_string(words[1]), semihosting_listens);
    return ~u64{0};
}

}  // namespace arch::riscv64
