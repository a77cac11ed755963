// namec: names to channels; every way to fail says which element failed.
#include "chan/namec.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::contents;
using test::must_open;
using test::must_write;
using test::outcome;
using test::path_text;
using test::run_world;
using test::World;

std::string walk(Caller& caller, std::string_view name) {
    const Result<Ref<Chan>> chan = namec(caller, name, NameUse::kAccess);
    return chan.ok() ? path_text(*chan.value()) : outcome(chan);
}

void change_dir(Caller& caller, std::string_view name) {
    Result<Ref<Chan>> dir = namec(caller, name, NameUse::kChangeDir);
    ASSERT_EQ(outcome(dir), "ok") << name;
    caller.set_dot(std::move(dir).value());
}

std::string repeat(std::string_view text, usize times) {
    std::string all;
    for (usize i = 0; i < times; ++i) all += text;
    return all;
}

TEST(Namec, WalksFromTheRootAndFromTheCurrentDirectory) {
    run_world([](World& world) {
        world.root.add_file("a/deep/er", "found");
        EXPECT_EQ(walk(world.caller, "/"), "/");
        EXPECT_EQ(walk(world.caller, "/a/deep/er"), "/a/deep/er");
        EXPECT_EQ(walk(world.caller, "a/deep"), "/a/deep");
        change_dir(world.caller, "a/deep");
        EXPECT_EQ(walk(world.caller, "er"), "/a/deep/er");
        EXPECT_EQ(walk(world.caller, "."), "/a/deep");
        EXPECT_EQ(walk(world.caller, ".."), "/a");
        EXPECT_EQ(walk(world.caller, "../../f"), "/f");
    });
}

TEST(Namec, SlashesAndDotsAddNothing) {
    run_world([](World& world) {
        world.root.add_file("a/b/c");
        EXPECT_EQ(walk(world.caller, "//a///b/./c"), "/a/b/c");
        EXPECT_EQ(walk(world.caller, "/./."), "/");
        EXPECT_EQ(walk(world.caller, "./a/."), "/a");
        EXPECT_EQ(walk(world.caller, "/a/b/"), "/a/b");
        EXPECT_EQ(walk(world.caller, "/a/.hidden"), "file does not exist: '/a/.hidden'");
        EXPECT_EQ(walk(world.caller, "/a/..b"), "file does not exist: '/a/..b'");
    });
}

TEST(Namec, DotDotStopsAtTheRoot) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, "/.."), "/");
        EXPECT_EQ(walk(world.caller, "/a/../../../b"), "/b");
        EXPECT_EQ(walk(world.caller, "../.."), "/");
        EXPECT_EQ(walk(world.caller, "#r/x/../../.."), "#r");
    });
}

TEST(Namec, ErrorsNameTheElementThatFailed) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, "/proc/999999/status"), "file does not exist: '/proc'");
        EXPECT_EQ(walk(world.caller, "/a/no/such"), "file does not exist: '/a/no'");
        EXPECT_EQ(walk(world.caller, "a/no/such"), "file does not exist: 'a/no'");
        EXPECT_EQ(walk(world.caller, "/a//./no//such"), "file does not exist: '/a//./no'");
        EXPECT_EQ(walk(world.caller, "/it's"), "file does not exist: '/it''s'");
        world.root.walk_faults["secret"] = Error::kPermission;
        EXPECT_EQ(walk(world.caller, "/secret/x"), "permission denied: '/secret'");
    });
}

TEST(Namec, DetailOfAnEarlierErrorIsForgotten) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, "/no"), "file does not exist: '/no'");
        EXPECT_EQ(walk(world.caller, "/a"), "/a");
        EXPECT_TRUE(Caller::error_detail().empty());
    });
}

TEST(Namec, AnInterruptionCarriesNoName) {
    run_world([](World& world) {
        world.root.walk_faults["slow"] = Error::kInterrupted;
        EXPECT_EQ(walk(world.caller, "/slow"), "interrupted");
    });
}

TEST(Namec, LongNamesInErrorsBecomeASuffixFromASlash) {
    run_world([](World& world) {
        const std::string dir(30, 'd');
        world.root.add_dir("a/" + dir + "/" + dir);
        EXPECT_EQ(walk(world.caller, "/a/" + dir + "/" + dir + "/last/more"),
                  "file does not exist: '.../" + dir + "/last'");
        const std::string name(200, 'n');
        EXPECT_EQ(walk(world.caller, "/a/" + name),
                  "file does not exist: '..." + std::string(32, 'n') + "'");
    });
}

TEST(Namec, AFileIsNoDirectory) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, "/f/x"), "not a directory: '/f/x'");
        EXPECT_EQ(walk(world.caller, "/f/.."), "not a directory: '/f/..'");
        EXPECT_EQ(walk(world.caller, "/f/"), "not a directory: '/f/'");
        EXPECT_EQ(walk(world.caller, "/f/."), "not a directory: '/f/.'");
        EXPECT_EQ(outcome(namec(world.caller, "/f", NameUse::kChangeDir)), "not a directory: '/f'");
    });
}

TEST(Namec, BadNamesAreRefusedBeforeAnythingIsWalked) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, ""), "empty file name");
        EXPECT_EQ(walk(world.caller, std::string_view("/a\0b", 4)),
                  "bad character in file name: '/a?b'");
        EXPECT_EQ(walk(world.caller, "/a\n"), "bad character in file name: '/a?'");
        EXPECT_EQ(walk(world.caller, "/a\x7f"), "bad character in file name: '/a?'");
        EXPECT_EQ(walk(world.caller, "/" + std::string(kElementMax + 1, 'x')),
                  "name too long: '..." + std::string(32, 'x') + "'");
        world.root.add_file(std::string(kElementMax, 'x'));
        EXPECT_EQ(walk(world.caller, "/" + std::string(kElementMax, 'x')),
                  "/" + std::string(kElementMax, 'x'));
    });
}

TEST(Namec, DevicesAreNamedByTheirLetter) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, "#r"), "#r");
        EXPECT_EQ(walk(world.caller, "#r/x/y"), "#r/x/y");
        EXPECT_EQ(walk(world.caller, "#/"), "#/");
        EXPECT_EQ(walk(world.caller, "#/a"), "#/a");
        EXPECT_EQ(walk(world.caller, "#"), "unknown device in # filename: '#'");
        EXPECT_EQ(walk(world.caller, "#q/x"), "unknown device in # filename: '#q'");
        EXPECT_EQ(walk(world.caller, "#rspec/x"), "bad attach specifier: '#rspec'");
        world.caller.my_name_space().restrict_devices(device_set("/"));
        EXPECT_EQ(walk(world.caller, "#r/x"), "mount/attach disallowed: '#r'");
        EXPECT_EQ(walk(world.caller, "#/"), "#/");
    });
}

TEST(Namec, TenThousandElementsWalkOrFailCleanly) {
    run_world([](World& world) {
        EXPECT_EQ(walk(world.caller, repeat("./", 10000) + "f"), "/f");
        EXPECT_EQ(walk(world.caller, repeat("../", 10000) + "f"), "/f");
        EXPECT_EQ(walk(world.caller, "/" + repeat("a/../", 5000) + "f"), "/f");
        EXPECT_EQ(walk(world.caller, repeat("/no", 10000)), "file does not exist: '/no'");
        EXPECT_EQ(walk(world.caller, repeat("/", 10000)), "/");
        // Real directories that deep have a path too long to keep.
        std::string deep;
        for (usize i = 0; i < kPathMax / 2 - 1; ++i) deep += "/d";
        world.root.add_dir(std::string_view(deep).substr(1));
        EXPECT_EQ(walk(world.caller, deep).size(), deep.size());
        world.root.add_dir(std::string_view(deep + "/dd/d").substr(1));
        const std::string failure = walk(world.caller, deep + "/dd/d");
        EXPECT_TRUE(failure.starts_with("name too long: '.../d/d")) << failure;
    });
}

TEST(Namec, OpeningChecksAndMarks) {
    run_world([](World& world) {
        const Ref<Chan> chan = must_open(world.caller, "/f", kORead);
        EXPECT_TRUE(chan->is_open());
        EXPECT_TRUE(chan->mode().reads());
        EXPECT_FALSE(chan->mode().writes());
        EXPECT_EQ(contents(world.caller, "/f"), "text of f");

        world.root.add_file("private", "x", 0600).owner = "glenda";
        EXPECT_EQ(outcome(open_name(world.caller, "/private", kORead)),
                  "permission denied: '/private'");
        world.root.open_fault = Error::kIo;
        EXPECT_EQ(outcome(open_name(world.caller, "a/../f", kORead)), "i/o error: 'a/../f'");
        EXPECT_EQ(outcome(open_name(world.caller, "/a", kOWrite)), "permission denied: '/a'");
    });
}

TEST(Namec, ExecutingOpensForReading) {
    run_world([](World& world) {
        EXPECT_EQ(outcome(open_name(world.caller, "/f", kOExec)), "permission denied: '/f'");
        world.root.find("f")->permissions = 0755;
        const Ref<Chan> chan = must_open(world.caller, "/f", kOExec | kOCExec);
        EXPECT_EQ(chan->mode(), kORead);
    });
}

TEST(Namec, OpeningTruncatesWhenAsked) {
    run_world([](World& world) {
        must_open(world.caller, "/f", kOWrite | kOTrunc);
        EXPECT_EQ(contents(world.caller, "/f"), "");
    });
}

TEST(Namec, CreatingMakesAFileAndOpensIt) {
    run_world([](World& world) {
        const Result<Ref<Chan>> made = create_name(world.caller, "/a/new", kORdWr, 0640);
        ASSERT_EQ(outcome(made), "ok");
        EXPECT_EQ(path_text(*made.value()), "/a/new");
        EXPECT_TRUE(made.value()->mode().writes());
        must_write(world.caller, *made.value(), "hello");
        EXPECT_EQ(contents(world.caller, "/a/new"), "hello");
        EXPECT_EQ(world.root.find("a/new")->permissions, 0640u);
    });
}

TEST(Namec, CreatingWhatExistsTruncatesIt) {
    run_world([](World& world) {
        const Result<Ref<Chan>> opened = create_name(world.caller, "/f", kOWrite, 0666);
        ASSERT_EQ(outcome(opened), "ok");
        EXPECT_EQ(contents(world.caller, "/f"), "");
        EXPECT_EQ(world.root.find("f")->permissions, 0664u);
        EXPECT_EQ(outcome(create_name(world.caller, "/f", kOWrite | kOExcl, 0666)),
                  "file already exists: '/f'");
    });
}

TEST(Namec, CreatingDirectoriesTakesTheDirectoryBit) {
    run_world([](World& world) {
        EXPECT_EQ(outcome(create_name(world.caller, "/a/d/", kORead, 0775)),
                  "not a directory: '/a/d/'");
        const Result<Ref<Chan>> made = create_name(world.caller, "/a/d/", kORead, kDmDir | 0775);
        ASSERT_EQ(outcome(made), "ok");
        EXPECT_TRUE(made.value()->is_dir());
        EXPECT_EQ(outcome(create_name(world.caller, "/a/e", kOWrite, kDmDir | 0775)),
                  "permission denied: '/a/e'");
    });
}

TEST(Namec, CreatingFailsWhereItCannotSucceed) {
    run_world([](World& world) {
        EXPECT_EQ(outcome(create_name(world.caller, "/", kOWrite, 0666)),
                  "file already exists: '/'");
        EXPECT_EQ(outcome(create_name(world.caller, "/a/..", kOWrite, 0666)),
                  "file already exists: '/a/..'");
        EXPECT_EQ(outcome(create_name(world.caller, "/no/x", kOWrite, 0666)),
                  "file does not exist: '/no'");
        EXPECT_EQ(outcome(create_name(world.caller, "/f/x", kOWrite, 0666)),
                  "not a directory: '/f/x'");
        EXPECT_EQ(outcome(create_name(world.caller, "/" + std::string(300, 'x'), kOWrite, 0666)),
                  "name too long: '..." + std::string(32, 'x') + "'");
        world.root.add_dir("locked", 0555);
        EXPECT_EQ(outcome(create_name(world.caller, "/locked/x", kOWrite, 0666)),
                  "permission denied: '/locked/x'");
    });
}

TEST(Namec, WhoLosesTheRaceToCreateOpens) {
    run_world([](World& world) {
        world.root.before_create = [&] {
            world.root.before_create = nullptr;
            world.root.add_file("a/race", "of the winner");
        };
        const Result<Ref<Chan>> opened = create_name(world.caller, "/a/race", kOWrite, 0666);
        ASSERT_EQ(outcome(opened), "ok");
        EXPECT_EQ(contents(world.caller, "/a/race"), "");

        world.root.before_create = [&] {
            world.root.before_create = nullptr;
            world.root.add_file("a/other", "of the winner");
        };
        EXPECT_EQ(outcome(create_name(world.caller, "/a/other", kOWrite | kOExcl, 0666)),
                  "file already exists: '/a/other'");
        EXPECT_EQ(contents(world.caller, "/a/other"), "of the winner");
    });
}

TEST(Namec, RemovingTakesTheFileAway) {
    run_world([](World& world) {
        EXPECT_EQ(outcome(remove_name(world.caller, "/f")), "ok");
        EXPECT_EQ(outcome(remove_name(world.caller, "/f")), "file does not exist: '/f'");
        // The device's own refusal says nothing of the name.
        world.root.add_file("b/x");
        EXPECT_EQ(outcome(remove_name(world.caller, "/b")), "directory not empty");
        ASSERT_EQ(outcome(bind(world.caller, "#r", "/n", kMRepl)), "ok");
        EXPECT_EQ(outcome(remove_name(world.caller, "/n")), "is a mount point: '/n'");
    });
}

TEST(Namec, ADeviceMayOpenAnotherChannel) {
    class Other final : public Dev {
    public:
        Other() : Dev("o", "other") {}
        Result<void> walk(Caller&, Chan& chan, std::string_view) override {
            chan.set_qid(file_qid(1));
            return {};
        }
        Result<bool> entry(Caller&, Chan&, DirCursor&, Stat&) override { return false; }
        Result<void> stat(Caller&, Chan&, Stat&) override { return {}; }
        Result<Ref<Chan>> open(Caller&, Ref<Chan>, OpenMode) override { return other; }
        Ref<Chan> other;
    };
    static Other device;
    std::array<Dev*, 1> devices = {&device};
    run_world(
        [](World& world) {
            device.other = must_open(world.caller, "/f", kORdWr);
            const Ref<Chan> opened = must_open(world.caller, "#o/x", kORead);
            EXPECT_EQ(opened, device.other);
            EXPECT_EQ(path_text(*opened), "/f");
            device.other.reset();
        },
        devices);
}

}  // namespace
}  // namespace kernel::chan
