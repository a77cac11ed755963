// Mounts: what bind puts together, how walks and listings see it, and how `..` finds back.
#include <gtest/gtest.h>

#include <string>

#include "chan/fd_group.h"
#include "chan/namec.h"
#include "chan/namespace.h"
#include "tests/fixture/stat_record.h"
#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::contents;
using test::listing;
using test::outcome;
using test::path_text;
using test::run_world;
using test::World;

std::string walk(Caller& caller, std::string_view name) {
    const Result<Ref<Chan>> chan = namec(caller, name, NameUse::kAccess);
    return chan.ok() ? path_text(*chan.value()) : outcome(chan);
}

void must_bind(Caller& caller, std::string_view from, std::string_view onto, u32 flags) {
    ASSERT_EQ(outcome(bind(caller, from, onto, flags)), "ok") << from << " onto " << onto;
}

void change_dir(Caller& caller, std::string_view name) {
    Result<Ref<Chan>> dir = namec(caller, name, NameUse::kChangeDir);
    ASSERT_EQ(outcome(dir), "ok") << name;
    caller.set_dot(std::move(dir).value());
}

std::string ns_text(const Caller& caller) {
    std::string all;
    u64 cursor = 0;
    for (;;) {
        std::array<char, 300> text;
        BufferSink sink(text);
        const Result<u64> next = print_ns_record(caller, cursor, sink);
        if (!next.ok()) return std::string(error_text(next.error()));
        if (sink.text().empty()) return all;
        all += sink.text();
        cursor = next.value();
    }
}

TEST(Mounts, ABoundDirectoryReplacesTheOldOne) {
    run_world([](World& world) {
        world.root.add_file("n/old", "old");
        must_bind(world.caller, "#r", "/n", kMRepl);
        EXPECT_EQ(contents(world.caller, "/n/g"), "text of g");
        EXPECT_EQ(walk(world.caller, "/n/x/y/z"), "/n/x/y/z");
        EXPECT_EQ(walk(world.caller, "/n/old"), "file does not exist: '/n/old'");
        EXPECT_EQ(listing(world.caller, "/n"), "x g");
    });
}

TEST(Mounts, AFileMayBeBoundOverAFile) {
    run_world([](World& world) {
        must_bind(world.caller, "#r/g", "/f", kMRepl);
        EXPECT_EQ(contents(world.caller, "/f"), "text of g");
        EXPECT_EQ(outcome(unmount(world.caller, "#r/g", "/f")), "ok");
        EXPECT_EQ(contents(world.caller, "/f"), "text of f");
    });
}

TEST(Mounts, UnionsSearchInOrder) {
    run_world([](World& world) {
        world.root.add_file("n/g", "old g");
        world.root.add_file("n/only", "old only");
        must_bind(world.caller, "#r", "/n", kMAfter);
        EXPECT_EQ(contents(world.caller, "/n/g"), "old g");
        EXPECT_EQ(contents(world.caller, "/n/x/y/z"), "text of z");
        must_bind(world.caller, "#r", "/n", kMBefore);
        EXPECT_EQ(contents(world.caller, "/n/g"), "text of g");
        EXPECT_EQ(contents(world.caller, "/n/only"), "old only");
        EXPECT_EQ(listing(world.caller, "/n"), "x g g only x g");
    });
}

TEST(Mounts, AUnionReportsTheErrorThatSaysMost) {
    run_world([](World& world) {
        must_bind(world.caller, "#r", "/n", kMAfter);
        EXPECT_EQ(walk(world.caller, "/n/no"), "file does not exist: '/n/no'");
        world.ram.walk_faults["no"] = Error::kIo;
        EXPECT_EQ(walk(world.caller, "/n/no"), "i/o error: '/n/no'");
    });
}

TEST(Mounts, DotDotLeavesAMountWhereItWasEntered) {
    run_world([](World& world) {
        world.root.add_file("a/n/f", "under");
        world.root.add_file("a/beside", "beside");
        must_bind(world.caller, "#r", "/a/n", kMRepl);
        EXPECT_EQ(walk(world.caller, "/a/n/.."), "/a");
        EXPECT_EQ(contents(world.caller, "/a/n/../beside"), "beside");
        EXPECT_EQ(contents(world.caller, "/a/n/x/../../beside"), "beside");
        EXPECT_EQ(contents(world.caller, "/a/n/x/y/../../g"), "text of g");
        change_dir(world.caller, "/a/n");
        EXPECT_EQ(contents(world.caller, "g"), "text of g");
        EXPECT_EQ(contents(world.caller, "../beside"), "beside");
        change_dir(world.caller, "x/y");
        EXPECT_EQ(walk(world.caller, "../.."), "/a/n");
        EXPECT_EQ(contents(world.caller, "../../g"), "text of g");
        EXPECT_EQ(contents(world.caller, "../../../beside"), "beside");
    });
}

TEST(Mounts, DotDotFindsBackThroughMountsInMounts) {
    run_world([](World& world) {
        world.root.add_file("b/inner", "of b");
        must_bind(world.caller, "#r", "/n", kMRepl);
        must_bind(world.caller, "/b", "/n/x", kMRepl);
        EXPECT_EQ(contents(world.caller, "/n/x/inner"), "of b");
        EXPECT_EQ(walk(world.caller, "/n/x/.."), "/n");
        EXPECT_EQ(contents(world.caller, "/n/x/../g"), "text of g");
        EXPECT_EQ(contents(world.caller, "/n/x/../../f"), "text of f");
    });
}

TEST(Mounts, DotDotIntoAUnionSeesTheUnionAgain) {
    run_world([](World& world) {
        world.root.add_dir("n/sub");
        must_bind(world.caller, "#r", "/n", kMAfter);
        // sub is of the first member, g of the second.
        EXPECT_EQ(contents(world.caller, "/n/sub/../g"), "text of g");
        change_dir(world.caller, "/n/x/y");
        EXPECT_EQ(walk(world.caller, "../../sub"), "/n/sub");
    });
}

TEST(Mounts, ACurrentDirectorySeesLaterMounts) {
    run_world([](World& world) {
        change_dir(world.caller, "/n");
        EXPECT_EQ(listing(world.caller, "."), "");
        must_bind(world.caller, "#r", "/n", kMRepl);
        EXPECT_EQ(listing(world.caller, "."), "x g");
        EXPECT_EQ(contents(world.caller, "g"), "text of g");
        must_bind(world.caller, "/a", ".", kMRepl);
        EXPECT_EQ(listing(world.caller, "/n"), "");
    });
}

TEST(Mounts, TheRootItselfMayBeBoundOver) {
    run_world([](World& world) {
        must_bind(world.caller, "#r", "/", kMAfter);
        EXPECT_EQ(contents(world.caller, "/g"), "text of g");
        EXPECT_EQ(contents(world.caller, "/f"), "text of f");
        EXPECT_EQ(walk(world.caller, "/x/.."), "/");
        EXPECT_EQ(contents(world.caller, "/x/../g"), "text of g");
        EXPECT_EQ(listing(world.caller, "/"), "a b n f x g");
    });
}

TEST(Mounts, NamesOfDevicesIgnoreMounts) {
    run_world([](World& world) {
        must_bind(world.caller, "/b", "#r/x", kMRepl);
        EXPECT_EQ(contents(world.caller, "#r/x/y/z"), "text of z");
        must_bind(world.caller, "#r", "/n", kMRepl);
        EXPECT_EQ(walk(world.caller, "/n/x/y"), "file does not exist: '/n/x/y'");
    });
}

TEST(Mounts, WhatIsListedIsWhatIsMounted) {
    run_world([](World& world) {
        world.ram.find("g")->permissions = 0600;
        must_bind(world.caller, "#r/g", "/f", kMRepl);
        const Ref<Chan> dir = test::must_open(world.caller, "/", kORead);
        std::array<std::byte, 4096> buffer;
        const Result<usize> count = read(world.caller, *dir, buffer);
        ASSERT_TRUE(count.ok());
        bool seen = false;
        for (ConstBytes rest = Bytes(buffer).first(count.value()); !rest.empty();) {
            const usize size = MUST(next_stat_record(rest));
            const Stat stat = MUST(fixture::stat_of_record(rest.first(size)));
            rest = rest.subspan(size);
            if (stat.name.view() != "f") continue;
            seen = true;
            EXPECT_EQ(stat.device, 'r');
            EXPECT_EQ(stat.mode, 0600u);
            EXPECT_EQ(stat.length, 9u);
        }
        EXPECT_TRUE(seen);
    });
}

TEST(Mounts, CreationGoesToTheMemberThatAllowsIt) {
    run_world([](World& world) {
        must_bind(world.caller, "#r", "/n", kMBefore);
        EXPECT_EQ(outcome(create_name(world.caller, "/n/new", kOWrite, 0666)),
                  "mounted directory forbids creation: '/n/new'");
        must_bind(world.caller, "/b", "/n", kMAfter | kMCreate);
        const Result<Ref<Chan>> made = create_name(world.caller, "/n/new", kOWrite, 0666);
        ASSERT_EQ(outcome(made), "ok");
        EXPECT_EQ(path_text(*made.value()), "/n/new");
        EXPECT_NE(world.root.find("b/new"), nullptr);
        EXPECT_EQ(world.ram.find("new"), nullptr);
        // What exists in any member is opened, not created.
        EXPECT_EQ(outcome(create_name(world.caller, "/n/g", kOWrite, 0666)), "ok");
        EXPECT_EQ(world.root.find("b/g"), nullptr);
        // Deeper in, mounts no longer matter.
        EXPECT_EQ(outcome(create_name(world.caller, "/n/x/deep", kOWrite, 0666)), "ok");
        EXPECT_NE(world.ram.find("x/deep"), nullptr);
    });
}

TEST(Mounts, BindingAUnionBindsAllOfIt) {
    run_world([](World& world) {
        world.root.add_file("a/fa", "fa");
        world.root.add_file("b/fb", "fb");
        world.root.add_file("n/fn", "fn");
        must_bind(world.caller, "/b", "/a", kMAfter);
        must_bind(world.caller, "/a", "/n", kMRepl);
        EXPECT_EQ(listing(world.caller, "/n"), "fa fb");
        must_bind(world.caller, "/a", "/n", kMBefore);
        EXPECT_EQ(listing(world.caller, "/n"), "fa fb fa fb");
        EXPECT_EQ(outcome(bind(world.caller, "/a", "/n", kMAfter | kMCreate)),
                  "inconsistent mount");
    });
}

TEST(Mounts, BadBindsAreRefused) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        EXPECT_EQ(outcome(bind(caller, "/f", "/n", kMRepl)), "inconsistent mount");
        EXPECT_EQ(outcome(bind(caller, "/n", "/f", kMRepl)), "inconsistent mount");
        EXPECT_EQ(outcome(bind(caller, "#r/g", "/f", kMBefore)), "inconsistent mount");
        EXPECT_EQ(outcome(bind(caller, "/a", "/n", 3)), "bad arg in system call");
        EXPECT_EQ(outcome(bind(caller, "/a", "/n", 8)), "bad arg in system call");
        EXPECT_EQ(outcome(bind(caller, "/no", "/n", 0)), "file does not exist: '/no'");
        EXPECT_EQ(outcome(bind(caller, "/a", "/no", 0)), "file does not exist: '/no'");
        EXPECT_EQ(ns_text(caller), "cd /\n");
    });
}

TEST(Mounts, UnmountUndoesOneOrAll) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        world.root.add_file("a/fa");
        world.root.add_file("b/fb");
        must_bind(caller, "/a", "/n", kMAfter);
        must_bind(caller, "/b", "/n", kMAfter);
        EXPECT_EQ(listing(caller, "/n"), "fa fb");
        EXPECT_EQ(outcome(unmount(caller, "#r", "/n")), "not in union");
        EXPECT_EQ(outcome(unmount(caller, "/a", "/n")), "ok");
        EXPECT_EQ(listing(caller, "/n"), "fb");
        EXPECT_EQ(outcome(unmount(caller, "", "/n")), "ok");
        EXPECT_EQ(listing(caller, "/n"), "");
        EXPECT_EQ(outcome(unmount(caller, "", "/n")), "not mounted");
        EXPECT_EQ(outcome(unmount(caller, "/a", "/n")), "not mounted");
        EXPECT_EQ(ns_text(caller), "cd /\n");
    });
}

TEST(Mounts, TheListingRebuildsTheNameSpace) {
    run_world([](World& world) {
        Caller& caller = world.caller;
        world.root.add_dir("it's");
        must_bind(caller, "#r", "/n", kMBefore | kMCreate);
        must_bind(caller, "/a", "/n", kMAfter | kMCache);
        must_bind(caller, "/b", "/it's", kMRepl | kMCreate);
        change_dir(caller, "/a");
        EXPECT_EQ(ns_text(caller),
                  "bind  /n /n\n"
                  "bind -bc '#r' /n\n"
                  "bind -aC /a /n\n"
                  "bind -c /b '/it''s'\n"
                  "cd /a\n");
        must_bind(caller, "/b", "/n", kMRepl);
        EXPECT_EQ(ns_text(caller),
                  "bind -c /b '/it''s'\n"
                  "bind  /b /n\n"
                  "cd /a\n");
    });
}

TEST(Mounts, TheListingOfAProcessThatIsGoneSaysSo) {
    run_world([](World& world) {
        Caller gone;
        test::start_like(world.caller, gone, "eve");
        gone.finish();
        EXPECT_EQ(ns_text(gone), "process exited");
    });
}

TEST(Mounts, CopiesAreSeparateAndEmptyOnesEmpty) {
    run_world([](World& world) {
        must_bind(world.caller, "#r", "/n", kMAfter);
        world.caller.my_name_space().restrict_devices(device_set("/"));
        Caller copied;
        test::start_like(world.caller, copied, "eve");
        copied.set_name_space(MUST(world.caller.my_name_space().copy()));
        must_bind(world.caller, "/b", "/a", kMRepl);
        EXPECT_EQ(ns_text(copied), "bind  /n /n\nbind -a '#r' /n\ncd /\n");
        EXPECT_EQ(contents(copied, "/n/g"), "text of g");
        must_bind(copied, "/b", "/n", kMRepl);
        EXPECT_EQ(contents(world.caller, "/n/g"), "text of g");
        EXPECT_EQ(walk(copied, "#r"), "mount/attach disallowed: '#r'");

        copied.set_name_space(MUST(world.caller.my_name_space().empty_copy()));
        EXPECT_EQ(ns_text(copied), "cd /\n");
        EXPECT_EQ(listing(copied, "/n"), "");
        EXPECT_EQ(walk(copied, "#r"), "mount/attach disallowed: '#r'");
        copied.finish();
    });
}

TEST(Mounts, DevicesCanBeForbiddenButTheHarmlessOnes) {
    run_world([](World& world) {
        world.caller.my_name_space().forbid_devices();
        EXPECT_EQ(walk(world.caller, "#r"), "mount/attach disallowed: '#r'");
        EXPECT_EQ(walk(world.caller, "#/"), "mount/attach disallowed: '#/'");
        EXPECT_EQ(walk(world.caller, "/f"), "/f");
    });
}

TEST(Mounts, AnOpenDirectoryKeepsTheUnionItWasOpenedWith) {
    run_world([](World& world) {
        world.root.add_file("n/one");
        must_bind(world.caller, "#r", "/n", kMAfter);
        const Ref<Chan> dir = test::must_open(world.caller, "/n", kORead);
        EXPECT_EQ(outcome(unmount(world.caller, "", "/n")), "ok");
        const std::string records = test::read_rest(world.caller, *dir);
        EXPECT_NE(records.find("one"), std::string::npos);
        EXPECT_NE(records.find("text"), 0u);
        usize count = 0;
        for (ConstBytes rest = as_bytes(records); !rest.empty(); ++count) {
            rest = rest.subspan(MUST(next_stat_record(rest)));
        }
        EXPECT_EQ(count, 3u);
    });
}

TEST(Mounts, MembersThatCannotBeReadAreSkippedInListings) {
    run_world([](World& world) {
        world.root.add_file("a/fa");
        world.root.add_file("b/fb");
        must_bind(world.caller, "/a", "/n", kMAfter);
        must_bind(world.caller, "/b", "/n", kMAfter);
        world.root.find("a")->permissions = 0;
        EXPECT_EQ(listing(world.caller, "/n"), "fb");
    });
}

TEST(Mounts, UnionsAndNameSpacesHaveLimits) {
    run_world([](World& world) {
        for (usize i = 1; i < kUnionMax; ++i) must_bind(world.caller, "/a", "/n", kMAfter);
        EXPECT_EQ(outcome(bind(world.caller, "/a", "/n", kMAfter)), "kernel allocate failed");
        EXPECT_EQ(outcome(unmount(world.caller, "/a", "/n")), "ok");
        EXPECT_EQ(outcome(bind(world.caller, "/a", "/n", kMAfter)), "ok");
        usize bound = kUnionMax;
        for (usize i = 0; bound < kMountsMax; ++i, ++bound) {
            const std::string name = "m" + std::to_string(i);
            world.root.add_dir(name);
            must_bind(world.caller, "/a", "/" + name, kMRepl);
        }
        EXPECT_EQ(outcome(bind(world.caller, "/a", "/b", kMRepl)), "kernel allocate failed");
        EXPECT_EQ(outcome(unmount(world.caller, "", "/n")), "ok");
        EXPECT_EQ(outcome(bind(world.caller, "/a", "/b", kMRepl)), "ok");
    });
}

TEST(Mounts, ThousandsOfMountsInMountsGoWithoutRecursion) {
    run_world([](World& world) {
        // Each step binds the root of the RAM device into what was bound before, so that the path
        // holds one more mount point.
        Caller& caller = world.caller;
        world.ram.add_dir("d");
        must_bind(caller, "#r", "/n", kMRepl);
        change_dir(caller, "/n");
        for (int i = 0; i < 1000; ++i) {
            ASSERT_EQ(outcome(bind(caller, "#r", "d", kMRepl)), "ok");
            change_dir(caller, "d");
        }
        EXPECT_EQ(path_text(*caller.my_dot()).size(), 2u + 2000u);
        EXPECT_EQ(contents(caller, "g"), "text of g");
        change_dir(caller, "/");
        EXPECT_EQ(outcome(unmount(caller, "", "/n")), "ok");
    });
}

}  // namespace
}  // namespace kernel::chan
