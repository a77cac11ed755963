// #/: the tree that archives make, and the device over it.
#include "dev/root/root.h"

#include <gtest/gtest.h>

#include <string>

#include "base/log.h"
#include "chan/table_dev.h"
#include "dev/root/tree.h"
#include "machine/boot_info.h"
#include "mm/memory.h"
#include "tests/unit/chan/world.h"
#include "tests/unit/dev/archive_builder.h"

namespace kernel::dev {
namespace {

using chan::Caller;
using chan::Chan;
using chan::kORead;
using chan::kOWrite;
using chan::test::contents;
using chan::test::listing;
using chan::test::outcome;
using chan::test::run_world;
using chan::test::World;
using test::ArchiveBuilder;

std::string logged;

/// Collects log lines while it lives.
class LogCatcher {
public:
    LogCatcher() {
        logged.clear();
        set_log_writer([](std::string_view line) { logged += line; });
    }
    ~LogCatcher() { set_log_writer(nullptr); }
};

std::string children(const RootTree& tree, std::string_view path) {
    NodeIndex at = kRootNode;
    while (!path.empty()) {
        const usize slash = std::min(path.find('/'), path.size());
        at = tree.find(at, path.substr(0, slash));
        if (at == kNoNode) return "<none>";
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    std::string names;
    for (NodeIndex child = tree.at(at).first_child; child != kNoNode; child = tree.at(child).next) {
        EXPECT_EQ(tree.at(child).parent, at);
        names += std::string(tree.at(child).name) + " ";
    }
    return names;
}

const RootNode* find_node(const RootTree& tree, std::string_view parent, std::string_view name) {
    NodeIndex at = parent.empty() ? kRootNode : tree.find(kRootNode, parent);
    if (at != kNoNode) at = tree.find(at, name);
    return at == kNoNode ? nullptr : &tree.at(at);
}

TEST(RootTree, DirectoriesAreImplied) {
    run_world([](World&) {
        ArchiveBuilder builder;
        builder.add("bin/rc/deep", "x").add("./boot//cmd", "y").add("/etc/z", "z").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(children(tree, ""), "bin boot etc ");
        EXPECT_EQ(children(tree, "bin/rc"), "deep ");
        EXPECT_EQ(children(tree, "boot"), "cmd ");
        EXPECT_EQ(as_text(find_node(tree, "etc", "z")->data), "z");
    });
}

TEST(RootTree, LaterEntriesWin) {
    run_world([](World&) {
        ArchiveBuilder first, second;
        first.add("a/file", "old", 0100600, 1).add("a/kept", "kept").end();
        first.add("x/y", "beneath").add("f", "file").end();
        second.add("a/file", "new", 0100755, 2).add("x", "now a file").add("f/g", "deeper").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(first.bytes()))), "ok");
        ASSERT_EQ(outcome(tree.add(as_bytes(second.bytes()))), "ok");
        EXPECT_EQ(children(tree, "a"), "file kept ");
        EXPECT_EQ(as_text(find_node(tree, "a", "file")->data), "new");
        EXPECT_EQ(find_node(tree, "a", "file")->permissions, 0755u);
        EXPECT_EQ(find_node(tree, "a", "file")->mtime, 2u);
        EXPECT_FALSE(find_node(tree, "", "x")->is_dir);
        EXPECT_EQ(children(tree, "x"), "");
        EXPECT_TRUE(find_node(tree, "", "f")->is_dir);
        EXPECT_EQ(children(tree, "f"), "g ");
        EXPECT_TRUE(find_node(tree, "", "f")->data.empty());
    });
}

TEST(RootTree, WhatCannotBeIsLoggedAndLeftOut) {
    run_world([](World&) {
        const LogCatcher log;
        ArchiveBuilder builder;
        builder.add(".", {}, ArchiveBuilder::kDirectory).add("good", "1");
        builder.add("../bad", "2").add("a/../b", "3").add("new\nline", "4");
        builder.add(std::string(chan::kElementMax + 1, 'n'), "5").add("link", "to", 0120777);
        builder.add("last", "6").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(children(tree, ""), "good last ");
        EXPECT_NE(logged.find("archive: 'link' is neither file nor directory and left out\n"),
                  std::string::npos);
        EXPECT_NE(logged.find("archive: an entry with a bad name at byte"), std::string::npos);
    });
}

TEST(RootTree, ADamagedArchiveKeepsWhatCameBefore) {
    run_world([](World&) {
        const LogCatcher log;
        ArchiveBuilder builder;
        builder.add("first", "1").add("second", std::string(1000, 'x')).end();
        builder.bytes().resize(500);
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(children(tree, ""), "first ");
        EXPECT_EQ(logged,
                  "archive: the data of an entry are cut off at byte 120 of 500: the rest is left "
                  "out\n");
    });
}

TEST(RootTree, GrowsToThousandsOfEntries) {
    run_world([](World&) {
        ArchiveBuilder builder;
        for (int i = 0; i < 2000; ++i) builder.add("d/" + std::to_string(i), "x");
        builder.end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(tree.size(), 2002u);
        for (int i = 0; i < 2000; ++i) {
            const RootNode* node = find_node(tree, "d", std::to_string(i));
            ASSERT_NE(node, nullptr);
            EXPECT_FALSE(node->is_dir);
            EXPECT_EQ(as_text(node->data), "x");
        }
    });
}

TEST(RootTree, DeepNamesNeedNoDeepStack) {
    run_world([](World&) {
        std::string name;
        while (name.size() + 2 < kArchiveNameMax) name += "d/";
        ArchiveBuilder builder;
        builder.add(name + "f", "x").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(tree.size(), name.size() / 2 + 2);
    });
}

TEST(RootTree, ANameOfTenThousandElementsIsRefused) {
    run_world([](World&) {
        const LogCatcher log;
        std::string name;
        for (int i = 0; i < 10000; ++i) name += "d/";
        ArchiveBuilder builder;
        builder.add("first", "1").add(name + "f", "x").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(children(tree, ""), "first ");
        EXPECT_NE(logged.find("archive: absurd length of a name"), std::string::npos);
    });
}

TEST(RootTree, TheLaterOfTwoEntriesInOneArchiveWins) {
    run_world([](World&) {
        ArchiveBuilder builder;
        builder.add("f", "first").add("d/f", "x").add("f", "second").add("d", "was a directory");
        builder.add_directory("f").end();
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(as_bytes(builder.bytes()))), "ok");
        EXPECT_EQ(children(tree, ""), "f d ");
        EXPECT_TRUE(find_node(tree, "", "f")->is_dir);
        EXPECT_TRUE(find_node(tree, "", "f")->data.empty());
        EXPECT_EQ(as_text(find_node(tree, "", "d")->data), "was a directory");
        EXPECT_EQ(children(tree, "d"), "");
    });
}

TEST(RootTree, RunningOutOfMemoryIsReported) {
    run_world([](World&) {
        ArchiveBuilder builder;
        for (int i = 0; i < 100; ++i) builder.add("d/" + std::to_string(i), "x");
        builder.end();
        EXPECT_GE(chan::test::fail_each_allocation([&]() -> Result<void> {
                      RootTree tree;
                      return tree.add(as_bytes(builder.bytes()));
                  }),
                  2u);
    });
}

/// Runs `body` on a machine that boots with the archive as its root.
void run_root(const ArchiveBuilder& builder, const std::function<void(Caller&)>& body) {
    const std::vector<std::byte> bytes = builder.exact();
    const std::array<chan::Dev*, 1> devices = {&root_device()};
    fixture::Options options;
    options.boot = [&] {
        mm::initialize(machine::boot_info());
        const std::array<ConstBytes, 1> archives = {bytes};
        EXPECT_EQ(outcome(build_root(archives)), "ok");
    };
    fixture::run(options, [&] {
        chan::set_device_table(devices);
        const u64 before = chan::test::memory_in_use();
        Caller caller;
        chan::CallerStart start;
        start.user = "eve";
        // MUST (all): a fresh machine has memory.
        Ref<Chan> slash = MUST(root_device().attach(caller, ""));
        start.name_space = MUST(chan::Namespace::create(slash));
        start.dot = std::move(slash);
        caller.start(std::move(start));
        body(caller);
        caller.finish();
        EXPECT_EQ(Chan::count(), 0u);
        EXPECT_EQ(chan::test::memory_in_use(), before);
        chan::set_device_table({});
    });
}

TEST(Root, HasTheMountPointsAndTheArchive) {
    ArchiveBuilder builder;
    builder.add("bin/hello", "#!/bin/rc\n", 0100755).add("readme", "text", 0100644, 77).end();
    run_root(builder, [](Caller& caller) {
        EXPECT_EQ(listing(caller, "/"), "bin boot dev env etc fd n net proc root srv tmp readme");
        EXPECT_EQ(listing(caller, "/bin"), "hello");
        EXPECT_EQ(listing(caller, "/proc"), "");
        EXPECT_EQ(contents(caller, "/bin/hello"), "#!/bin/rc\n");
        EXPECT_EQ(contents(caller, "/bin/../readme"), "text");
        EXPECT_EQ(contents(caller, "#/bin/hello"), "#!/bin/rc\n");
        EXPECT_EQ(outcome(open_name(caller, "/bin/hello", chan::kOExec)), "ok");
        EXPECT_EQ(outcome(open_name(caller, "/readme", chan::kOExec)),
                  "permission denied: '/readme'");
        chan::Stat stat;
        const Ref<Chan> readme = MUST(chan::namec(caller, "/readme", chan::NameUse::kAccess));
        ASSERT_EQ(outcome(chan::stat(caller, *readme, stat)), "ok");
        EXPECT_EQ(stat.mode, 0444u);
        EXPECT_EQ(stat.mtime, 77u);
        EXPECT_EQ(stat.length, 4u);
        EXPECT_EQ(stat.uid.view(), "eve");
    });
}

TEST(Root, CannotBeWritten) {
    ArchiveBuilder builder;
    builder.add("file", "text", 0100666).end();
    run_root(builder, [](Caller& caller) {
        EXPECT_EQ(outcome(open_name(caller, "/file", kOWrite)), "permission denied: '/file'");
        EXPECT_EQ(outcome(open_name(caller, "/file", kORead | chan::kOTrunc)),
                  "permission denied: '/file'");
        EXPECT_EQ(outcome(open_name(caller, "/file", kORead | chan::kORClose)),
                  "permission denied: '/file'");
        EXPECT_EQ(outcome(create_name(caller, "/new", kOWrite, 0666)), "permission denied: '/new'");
        EXPECT_EQ(outcome(remove_name(caller, "/file")), "permission denied");
    });
}

TEST(Root, PathsOfTenThousandElementsAreWalkedOrRefusedInOneSentence) {
    ArchiveBuilder builder;
    builder.add("dir/file", "text").end();
    run_root(builder, [](Caller& caller) {
        std::string same = "/dir";
        std::string back = "/dir";
        std::string away;
        for (int i = 0; i < 10000; ++i) {
            same += "/.";
            back += "/../dir";
            away += "/dir";
        }
        EXPECT_EQ(contents(caller, same + "/file"), "text");
        EXPECT_EQ(contents(caller, back + "/file"), "text");
        const std::string refused = contents(caller, away + "/file");
        EXPECT_TRUE(refused.starts_with("<file does not exist: ")) << refused;
        EXPECT_LT(refused.size(), kErrorTextMax + 2);
    });
}

TEST(Root, ServesDataWhereTheyLie) {
    ArchiveBuilder builder;
    builder.add("file", "text").end();
    run_root(builder, [](Caller& caller) {
        const Ref<Chan> file = MUST(chan::namec(caller, "/file", chan::NameUse::kAccess));
        const std::optional<ConstBytes> data = file->device().contents(*file);
        ASSERT_TRUE(data.has_value());
        EXPECT_EQ(as_text(*data), "text");
        const Ref<Chan> dir = MUST(chan::namec(caller, "/bin", chan::NameUse::kAccess));
        EXPECT_FALSE(dir->device().contents(*dir).has_value());
    });
}

TEST(Root, TheArchiveInTheImageIsOne) {
    run_world([](World&) {
        const LogCatcher log;
        RootTree tree;
        ASSERT_EQ(outcome(tree.add(builtin_archive())), "ok");
        EXPECT_EQ(logged, "");
        EXPECT_NE(find_node(tree, "bin", "tour"), nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(builtin_archive().data()) % 4096, 0u);
    });
}

}  // namespace
}  // namespace kernel::dev
