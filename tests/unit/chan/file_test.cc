// Reading, writing, seeking, describing: files and directories by their channels.
#include "chan/file.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fixture/stat_record.h"
#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::listing;
using test::must_open;
using test::must_write;
using test::outcome;
using test::run_world;
using test::World;

std::string read_some(Caller& caller, Chan& chan, usize size, std::optional<u64> offset = {}) {
    std::vector<std::byte> buffer(size);
    const Result<usize> count = read(caller, chan, buffer, offset);
    if (!count.ok()) return "<" + outcome(count) + ">";
    return std::string(as_text(Bytes(buffer).first(count.value())));
}

TEST(File, ReadsAdvanceTheOffsetAndPreadsDoNot) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        EXPECT_EQ(read_some(world.caller, *chan, 4), "text");
        EXPECT_EQ(read_some(world.caller, *chan, 4, 5), "of f");
        EXPECT_EQ(read_some(world.caller, *chan, 100), " of f");
        EXPECT_EQ(read_some(world.caller, *chan, 100), "");
        EXPECT_EQ(chan->offset(), 9u);
    });
}

TEST(File, WritesAdvanceTheOffsetAndPwritesDoNot) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORdWr);
        must_write(world.caller, *chan, "TEXT");
        EXPECT_EQ(outcome(write(world.caller, *chan, as_bytes("!"), 8)), "ok");
        EXPECT_EQ(read_some(world.caller, *chan, 100), " of !");
        EXPECT_EQ(test::contents(world.caller, "/f"), "TEXT of !");
    });
}

TEST(File, WhatItWasNotOpenedForIsRefused) {
    run_world([](World& world) {
        const Ref<Chan> reader = must_open(world.caller, "/f", kORead);
        const Ref<Chan> writer = must_open(world.caller, "/f", kOWrite);
        EXPECT_EQ(outcome(write(world.caller, *reader, as_bytes("x"))), "inappropriate use of fd");
        EXPECT_EQ(read_some(world.caller, *writer, 1), "<inappropriate use of fd>");
        const Ref<Chan> dir = must_open(world.caller, "/a", kORead);
        EXPECT_EQ(outcome(write(world.caller, *dir, as_bytes("x"))), "file is a directory");
        const Ref<Chan> unopened = MUST(namec(world.caller, "/f", NameUse::kAccess));
        EXPECT_EQ(read_some(world.caller, *unopened, 1), "<inappropriate use of fd>");
    });
}

TEST(File, OffsetsBeyondTheLargestAreNegative) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORdWr);
        const u64 negative = u64{1} << 63;
        EXPECT_EQ(read_some(world.caller, *chan, 1, negative), "<negative i/o offset>");
        EXPECT_EQ(outcome(write(world.caller, *chan, as_bytes("x"), negative)),
                  "negative i/o offset");
        EXPECT_EQ(read_some(world.caller, *chan, 1, negative - 1), "");
    });
}

TEST(File, SeekingGoesFromStartHereOrEnd) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        Caller& caller = world.caller;
        EXPECT_EQ(MUST(seek(caller, *chan, 5, Whence::kStart)), 5u);
        EXPECT_EQ(MUST(seek(caller, *chan, 2, Whence::kCurrent)), 7u);
        EXPECT_EQ(MUST(seek(caller, *chan, -4, Whence::kEnd)), 5u);
        EXPECT_EQ(read_some(caller, *chan, 100), "of f");
        EXPECT_EQ(outcome(seek(caller, *chan, -1, Whence::kStart)), "negative i/o offset");
        EXPECT_EQ(outcome(seek(caller, *chan, -10, Whence::kEnd)), "negative i/o offset");
        EXPECT_EQ(MUST(seek(caller, *chan, std::numeric_limits<i64>::max(), Whence::kStart)),
                  std::numeric_limits<i64>::max());
        EXPECT_EQ(outcome(seek(caller, *chan, 1, Whence::kCurrent)), "negative i/o offset");
    });
}

TEST(File, DirectoriesGiveWholeRecordsInWhateverBufferHoldsOne) {
    run_world([](World& world) {
        const std::string all = "a b n f";
        for (usize size = kStatFixedSize + 16; size < 4 * kStatRecordMax; size += 7) {
            EXPECT_EQ(listing(world.caller, "/", size), all) << size;
        }
        EXPECT_EQ(listing(world.caller, "/", kStatFixedSize), "<i/o count too small>");
    });
}

TEST(File, DirectoriesAreReadInSequenceOrFromTheStart) {
    run_world([](World& world) {
        const Ref<Chan> dir = must_open(world.caller, "/", kORead);
        Caller& caller = world.caller;
        const std::string first = read_some(caller, *dir, 70);
        const std::string second = read_some(caller, *dir, 70);
        EXPECT_NE(first, second);
        EXPECT_EQ(read_some(caller, *dir, 70, 1), "<seek in directory>");
        EXPECT_EQ(read_some(caller, *dir, 70, 0), first);
        EXPECT_EQ(read_some(caller, *dir, 70, first.size()), second);
        EXPECT_EQ(outcome(seek(caller, *dir, 5, Whence::kStart)), "seek in directory");
        EXPECT_EQ(MUST(seek(caller, *dir, 0, Whence::kStart)), 0u);
        EXPECT_EQ(read_some(caller, *dir, 70), first);
    });
}

TEST(File, ABufferTooSmallForTheNextRecordLosesNothing) {
    run_world([](World& world) {
        world.root.add_file("a/" + std::string(200, 'l'));
        world.root.add_file("a/short");
        const Ref<Chan> dir = must_open(world.caller, "/a", kORead);
        EXPECT_EQ(read_some(world.caller, *dir, 100), "<i/o count too small>");
        EXPECT_NE(read_some(world.caller, *dir, 300), "");
        EXPECT_NE(read_some(world.caller, *dir, 100), "");
        EXPECT_EQ(read_some(world.caller, *dir, 100), "");
    });
}

TEST(File, EntriesThatGoMeanwhileDoNotDisturbTheOthers) {
    run_world([](World& world) {
        for (char c = 'a'; c <= 'h'; ++c) world.root.add_file(std::string("b/") + c);
        const Ref<Chan> dir = must_open(world.caller, "/b", kORead);
        std::string names;
        for (int i = 0; i < 8; ++i) {
            const std::string record = read_some(world.caller, *dir, 70);
            if (record.empty()) break;
            names += fixture::stat_of_record(as_bytes(record)).value().name.view();
            if (i == 1) {
                EXPECT_EQ(outcome(remove_name(world.caller, "/b/a")), "ok");
                EXPECT_EQ(outcome(remove_name(world.caller, "/b/d")), "ok");
            }
        }
        EXPECT_EQ(names, "abcefgh");
    });
}

TEST(File, StatShowsTheNameThatWasUsed) {
    run_world([](World& world) {
        ASSERT_EQ(outcome(bind(world.caller, "#r", "/n", kMRepl)), "ok");
        Stat stat_of;
        const auto describe = [&](std::string_view name) {
            const Ref<Chan> chan = MUST(namec(world.caller, name, NameUse::kAccess));
            EXPECT_EQ(outcome(stat(world.caller, *chan, stat_of)), "ok");
            return stat_of.name.view();
        };
        EXPECT_EQ(describe("/n"), "n");
        EXPECT_EQ(stat_of.device, 'r');
        EXPECT_EQ(stat_of.mode, kDmDir | 0775);
        EXPECT_EQ(describe("/f"), "f");
        EXPECT_EQ(stat_of.length, 9u);
        EXPECT_EQ(stat_of.uid.view(), "eve");
        EXPECT_EQ(describe("/"), "/");
        EXPECT_EQ(describe("#r"), "#r");
    });
}

TEST(File, WstatTakesARecordAndChecksIt) {
    run_world([](World& world) {
        const Ref<Chan> chan = MUST(namec(world.caller, "/f", NameUse::kAccess));
        Stat changes = keep_stat();
        changes.mode = 0600;
        const auto apply = [&](usize cut = 0) {
            std::vector<std::byte> record(stat_record_size(changes));
            EXPECT_TRUE(marshal_stat(changes, record).ok());
            return outcome(wstat(world.caller, *chan, Bytes(record).first(record.size() - cut)));
        };
        EXPECT_EQ(apply(), "ok");
        EXPECT_EQ(world.root.find("f")->permissions, 0600u);
        EXPECT_EQ(apply(1), "stat buffer too small");
        for (std::string_view name : {"a/b", "..", ".", "new\nline"}) {
            changes.name.assign(name);
            EXPECT_EQ(apply(), "bad character in file name");
        }
        changes.name.assign("new");
        EXPECT_EQ(apply(), "ok");
        EXPECT_EQ(test::contents(world.caller, "/new"), "text of f");
    });
}

}  // namespace
}  // namespace kernel::chan
