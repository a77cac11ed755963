// Environment groups: variables by name and as files, copies, limits.
#include "chan/env_group.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::outcome;
using test::run_world;
using test::World;

std::string value_of(EnvGroup& group, std::string_view name) {
    std::array<std::byte, 200> buffer;
    const Result<usize> size = group.get(name, buffer);
    if (!size.ok()) return "<" + outcome(size) + ">";
    return std::string(as_text(Bytes(buffer).first(std::min(size.value(), buffer.size()))));
}

std::string names_of(EnvGroup& group) {
    std::string all;
    for (u64 path = 0;;) {
        const std::optional<EnvInfo> info = group.next(path);
        if (!info.has_value()) return all;
        path = info->qid.path;
        all += std::string(info->name.view()) + ' ';
    }
}

TEST(EnvGroup, VariablesKeepTheirBytes) {
    run_world([](World& world) {
        EnvGroup& group = world.caller.my_environment();
        const std::string list("a\0b\0", 4);
        EXPECT_EQ(outcome(group.set("list", as_bytes(list))), "ok");
        EXPECT_EQ(value_of(group, "list"), list);
        EXPECT_EQ(outcome(group.set("list", as_bytes("x"))), "ok");
        EXPECT_EQ(value_of(group, "list"), "x");
        EXPECT_EQ(outcome(group.set("empty", {})), "ok");
        EXPECT_EQ(value_of(group, "empty"), "");
        EXPECT_EQ(value_of(group, "none"), "<file does not exist>");
        EXPECT_EQ(outcome(group.remove("list")), "ok");
        EXPECT_EQ(outcome(group.remove("list")), "file does not exist");
        EXPECT_EQ(names_of(group), "empty ");
    });
}

TEST(EnvGroup, PathsAreNotReusedAndVersionsCount) {
    run_world([](World& world) {
        EnvGroup& group = world.caller.my_environment();
        const Qid first = MUST(group.make("a"));
        EXPECT_EQ(MUST(group.make("a")).path, first.path);
        EXPECT_GT(MUST(group.find("a")).qid.vers, first.vers);
        EXPECT_EQ(outcome(group.remove(first.path)), "ok");
        EXPECT_NE(MUST(group.make("a")).path, first.path);
        EXPECT_EQ(outcome(group.find(first.path)), "file does not exist");
        EXPECT_EQ(outcome(group.write(first.path, as_bytes("x"), 0)), "file does not exist");
        EXPECT_EQ(outcome(group.read(first.path, {}, 0)), "file does not exist");
        EXPECT_EQ(outcome(group.truncate(first.path)), "file does not exist");
        EXPECT_EQ(outcome(group.remove(first.path)), "file does not exist");
    });
}

TEST(EnvGroup, WritesGrowAndGapsAreZero) {
    run_world([](World& world) {
        EnvGroup& group = world.caller.my_environment();
        const u64 path = MUST(group.make("a"))
        .path;
        EXPECT_EQ(MUST(group.write(path, as_bytes("xyz"), 2)), 3u);
        EXPECT_EQ(value_of(group, "a"), std::string("\0\0xyz", 5));
        EXPECT_EQ(MUST(group.write(path, as_bytes("AB"), 0)), 2u);
        EXPECT_EQ(value_of(group, "a"), "ABxyz");
        EXPECT_EQ(outcome(group.truncate(path)), "ok");
        EXPECT_EQ(MUST(group.write(path, as_bytes("q"), 3)), 1u);
        EXPECT_EQ(value_of(group, "a"), std::string("\0\0\0q", 4));
        std::array<std::byte, 2> out;
        EXPECT_EQ(MUST(group.read(path, out, 3)), 1u);
        EXPECT_EQ(MUST(group.read(path, out, 4)), 0u);
        EXPECT_EQ(MUST(group.read(path, out, ~u64{0})), 0u);
    });
}

TEST(EnvGroup, BadNamesAndTooMuchAreRefused) {
    run_world([](World& world) {
        EnvGroup& group = world.caller.my_environment();
        for (std::string_view name : {"", ".", "..", "a/b", "a\n"}) {
            EXPECT_EQ(outcome(group.set(name, {})), "bad character in file name") << name;
        }
        EXPECT_EQ(outcome(group.make(std::string(kElementMax + 1, 'x'))), "name too long");
        EXPECT_EQ(outcome(group.make(std::string(kElementMax, 'x'))), "ok");

        const std::vector<std::byte> value(kEnvValueMax);
        EXPECT_EQ(outcome(group.set("big", value)), "ok");
        const u64 path = MUST(group.find("big"))
        .qid.path;
        EXPECT_EQ(outcome(group.write(path, as_bytes("x"), kEnvValueMax)),
                  "read or write too large");
        EXPECT_EQ(outcome(group.write(path, as_bytes("x"), ~u64{0})), "read or write too large");
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(outcome(group.set("big" + std::to_string(i), value)), "ok");
        }
        // What does not fit leaves no empty variable behind.
        EXPECT_EQ(outcome(group.set("last", value)), "read or write too large");
        EXPECT_EQ(outcome(group.find("last")), "file does not exist");
        EXPECT_EQ(outcome(group.remove("big")), "ok");
        EXPECT_EQ(outcome(group.set("last", value)), "ok");
    });
}

TEST(EnvGroup, CopiesAreSeparateAndKeepPaths) {
    run_world([](World& world) {
        EnvGroup& group = world.caller.my_environment();
        ASSERT_TRUE(group.set("a", as_bytes("1")).ok());
        ASSERT_TRUE(group.set("b", as_bytes("2")).ok());
        const Ref<EnvGroup> copy = MUST(group.copy());
        EXPECT_EQ(MUST(copy->find("b")).qid, MUST(group.find("b")).qid);
        ASSERT_TRUE(group.set("a", as_bytes("changed")).ok());
        ASSERT_TRUE(copy->set("c", as_bytes("3")).ok());
        EXPECT_EQ(value_of(*copy, "a"), "1");
        EXPECT_EQ(names_of(*copy), "a b c ");
        EXPECT_EQ(names_of(group), "a b ");
    });
}

TEST(EnvGroup, ManyTasksShareOne) {
    run_world(
        [](World& world) {
            EnvGroup& group = world.caller.my_environment();
            fixture::in_parallel(4, [&](u32 index) {
                const std::string name = "v" + std::to_string(index);
                for (int i = 0; i < 100; ++i) {
                    EXPECT_TRUE(group.set(name, as_bytes("value")).ok());
                    EXPECT_TRUE(group.set("shared", as_bytes("both")).ok());
                    EXPECT_EQ(value_of(group, "shared"), "both");
                    EXPECT_TRUE(group.remove(name).ok());
                    EXPECT_TRUE(group.copy().ok());
                }
            });
            EXPECT_EQ(names_of(group), "shared ");
        },
        {}, 4);
}

}  // namespace
}  // namespace kernel::chan
