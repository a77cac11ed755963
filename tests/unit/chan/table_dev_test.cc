// Table-driven devices and the small answers that devices are made of.
#include "chan/table_dev.h"

#include <gtest/gtest.h>

#include <string>

#include "chan/open_mode.h"
#include "chan/text_reply.h"
#include "chan/wall_time.h"
#include "tests/fixture/stat_record.h"
#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::contents;
using test::listing;
using test::must_open;
using test::outcome;
using test::run_world;
using test::World;

enum File : u64 { kRoot, kNumber, kSecret, kSized };
constexpr DirEntry kFiles[] = {
    {.name = "number", .path = kNumber, .length = 12, .permissions = 0444},
    {.name = "secret", .path = kSecret, .length = 0, .permissions = 0600},
    {.name = "sized", .path = kSized, .length = 0, .permissions = 0666, .type = kQtAppend},
};

class TestDev final : public TableDev {
public:
    constexpr TestDev() : TableDev("t", "test", kFiles) {}

    Result<usize> read(Caller&, Chan& chan, Bytes out, u64 offset) override {
        if (chan.qid().path == kNumber) return reply_number(out, offset, 42);
        return reply_text(out, offset, "text");
    }

protected:
    void refine(const DirEntry& row, Stat& out) override {
        if (row.path == kSized) out.length = 99;
    }
};
constinit TestDev test_device;
constexpr std::array<Dev*, 1> kDevices = {&test_device};

TEST(TableDev, WalksListsAndOpensItsTable) {
    run_world(
        [](World& world) {
            EXPECT_EQ(listing(world.caller, "#t"), "number secret sized");
            EXPECT_EQ(contents(world.caller, "#t/number"), "         42 ");
            EXPECT_EQ(contents(world.caller, "#t/../secret"), "text");
            EXPECT_EQ(contents(world.caller, "#t/no"), "<file does not exist: '#t/no'>");
            EXPECT_EQ(contents(world.caller, "#tx"), "<bad attach specifier: '#tx'>");
            world.caller.set_user("somebody");
            EXPECT_EQ(contents(world.caller, "#t/secret"), "<permission denied: '#t/secret'>");
            EXPECT_EQ(outcome(open_name(world.caller, "#t/number", kOWrite)),
                      "permission denied: '#t/number'");
            EXPECT_EQ(outcome(open_name(world.caller, "#t", kOWrite)), "permission denied: '#t'");
            EXPECT_EQ(outcome(open_name(world.caller, "#t", kORead | kORClose)),
                      "permission denied: '#t'");
            world.caller.set_user("eve");
        },
        kDevices);
}

TEST(TableDev, StatAndListingSayTheSame) {
    run_world(
        [](World& world) {
            const Ref<Chan> dir = must_open(world.caller, "#t", kORead);
            const std::string records = test::read_rest(world.caller, *dir);
            for (ConstBytes rest = as_bytes(records); !rest.empty();) {
                const usize size = MUST(next_stat_record(rest));
                const Stat listed = MUST(fixture::stat_of_record(rest.first(size)));
                rest = rest.subspan(size);
                const std::string name = "#t/" + std::string(listed.name.view());
                const Ref<Chan> chan = MUST(namec(world.caller, name, NameUse::kAccess));
                Stat alone;
                ASSERT_EQ(outcome(stat(world.caller, *chan, alone)), "ok");
                EXPECT_EQ(alone.qid, listed.qid);
                EXPECT_EQ(alone.mode, listed.mode);
                EXPECT_EQ(alone.length, listed.length);
                EXPECT_EQ(alone.name.view(), listed.name.view());
                EXPECT_EQ(alone.uid.view(), "eve");
            }
            Stat sized;
            ASSERT_TRUE(
                stat(world.caller, *must_open(world.caller, "#t/sized", kORead), sized).ok());
            EXPECT_EQ(sized.length, 99u);
            EXPECT_EQ(sized.mode, kDmAppend | 0666);
            ASSERT_TRUE(stat(world.caller, *dir, sized).ok());
            EXPECT_EQ(sized.mode, kDmDir | 0555);
        },
        kDevices);
}

TEST(TableDev, WhatItDoesNotImplementIsRefused) {
    run_world(
        [](World& world) {
            EXPECT_EQ(outcome(create_name(world.caller, "#t/new", kOWrite, 0666)),
                      "permission denied: '#t/new'");
            EXPECT_EQ(outcome(remove_name(world.caller, "#t/number")), "permission denied");
            const Ref<Chan> chan = must_open(world.caller, "#t/sized", kORdWr);
            EXPECT_EQ(outcome(write(world.caller, *chan, as_bytes("x"))), "the front fell off");
            std::array<std::byte, kStatRecordMax> record;
            const usize size = MUST(marshal_stat(keep_stat(), record));
            EXPECT_EQ(outcome(wstat(world.caller, *chan, Bytes(record).first(size))),
                      "permission denied");
        },
        kDevices);
}

TEST(DeviceTable, FindsByLetterAndMakesSets) {
    run_world(
        [](World&) {
            EXPECT_EQ(find_device("t"), &test_device);
            EXPECT_EQ(find_device("q"), nullptr);
            EXPECT_EQ(device_table().size(), 3u);
            EXPECT_EQ(device_set("t/"), 0b101u);
            EXPECT_EQ(device_set("q"), 0u);
        },
        kDevices);
}

TEST(TextReply, AnswersWhatLiesAtTheOffset) {
    std::array<std::byte, 20> out;
    const auto reply = [&](usize size, u64 offset) {
        const usize count = reply_text(Bytes(out).first(size), offset, "hello");
        return std::string(as_text(Bytes(out).first(count)));
    };
    EXPECT_EQ(reply(20, 0), "hello");
    EXPECT_EQ(reply(3, 1), "ell");
    EXPECT_EQ(reply(3, 4), "o");
    EXPECT_EQ(reply(3, 5), "");
    EXPECT_EQ(reply(3, ~u64{0}), "");
    EXPECT_EQ(reply(0, 0), "");
    EXPECT_EQ(reply_number(out, 0, 12345678901), 12u);
    EXPECT_EQ(as_text(Bytes(out).first(12)), "12345678901 ");
    // Beyond eleven digits the number is whole and the column wider.
    EXPECT_EQ(reply_number(out, 0, 123456789012), 13u);
}

TEST(OpenMode, KnowsPlan9sNumbers) {
    EXPECT_TRUE(OpenMode::parse(0).value().reads());
    EXPECT_FALSE(OpenMode::parse(1).value().reads());
    EXPECT_TRUE(OpenMode::parse(2).value().writes());
    EXPECT_TRUE(OpenMode::parse(3).value().executes());
    EXPECT_TRUE(OpenMode::parse(3).value().reads());
    EXPECT_TRUE(OpenMode::parse(16).value().truncates());
    EXPECT_TRUE(OpenMode::parse(32).value().closes_on_exec());
    EXPECT_TRUE(OpenMode::parse(64).value().removes_on_close());
    EXPECT_TRUE(OpenMode::parse(0x1000).value().is_exclusive());
    EXPECT_EQ((kOWrite | kOTrunc).bits(), 17u);
    for (u32 bits : {4u, 8u, 0x80u, 0x2000u, ~0u}) {
        EXPECT_EQ(OpenMode::parse(bits).error(), Error::kBadArg) << bits;
    }
}

TEST(WallTime, GoesOnFromWhatWasSet) {
    run_world([](World&) {
        EXPECT_GT(wall_seconds(), 1'000'000'000u);
        set_wall_time(nanos_from_seconds(1234567));
        EXPECT_GE(wall_seconds(), 1234567u);
        EXPECT_LT(wall_seconds(), 1234567u + 100u);
        const Nanos first = wall_time();
        EXPECT_LE(first, wall_time());
    });
}

}  // namespace
}  // namespace kernel::chan
