// Paths: their text, their limits, and that long chains go without deep recursion.
#include "chan/path.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/chan/world.h"

namespace kernel::chan {
namespace {

using test::memory_in_use;
using test::run_world;
using test::World;

std::string text_of(const Path& path) {
    std::array<char, kPathMax> text;
    return std::string(path.copy_to(text));
}

Ref<Path> must_make(std::string_view root, std::initializer_list<std::string_view> names) {
    Ref<Path> path = MUST(Path::create_root(root));
    for (std::string_view name : names) path = MUST(Path::create_child(std::move(path), name));
    return path;
}

TEST(Path, ElementsAreJoinedBySlashes) {
    run_world([](World&) {
        EXPECT_EQ(text_of(*must_make("/", {})), "/");
        EXPECT_EQ(text_of(*must_make("/", {"a"})), "/a");
        EXPECT_EQ(text_of(*must_make("/", {"a", "bc", "d"})), "/a/bc/d");
        EXPECT_EQ(text_of(*must_make("#p", {})), "#p");
        EXPECT_EQ(text_of(*must_make("#p", {"1", "status"})), "#p/1/status");
        EXPECT_EQ(must_make("/", {"a", "bc"})->length(), 5u);
        EXPECT_EQ(must_make("/", {"a", "bc"})->element(), "bc");
    });
}

TEST(Path, CopiesAreCutToTheBuffer) {
    run_world([](World&) {
        const Ref<Path> path = must_make("/", {"abc", "def"});
        std::array<char, 6> small;
        EXPECT_EQ(path->copy_to(small), "/abc/d");
        EXPECT_EQ(path->copy_to({}), "");
    });
}

TEST(Path, WritingALongOneGivesAllOfIt) {
    run_world([](World&) {
        Ref<Path> path = must_make("/", {});
        std::string expected;
        for (int i = 0; expected.size() + 10 < kPathMax; ++i) {
            const std::string name = "e" + std::to_string(i);
            expected += "/" + name;
            path = MUST(Path::create_child(std::move(path), name));
        }
        std::array<char, kPathMax> text;
        BufferSink sink(text);
        path->write_to(sink);
        EXPECT_EQ(sink.text(), expected);
        EXPECT_EQ(text_of(*path), expected);
    });
}

TEST(Path, QuotesOnlyWhatNeedsThem) {
    run_world([](World&) {
        std::array<char, 64> text;
        const auto quoted = [&](const Path& path) {
            BufferSink sink(text);
            put_quoted_path(sink, path);
            return std::string(sink.text());
        };
        EXPECT_EQ(quoted(*must_make("/", {"a", "b"})), "/a/b");
        EXPECT_EQ(quoted(*must_make("#p", {})), "'#p'");
        EXPECT_EQ(quoted(*must_make("/", {"it's", "b"})), "'/it''s/b'");
    });
}

TEST(Path, OneThatIsTooLongIsRefused) {
    run_world([](World&) {
        Ref<Path> path = must_make("/", {});
        const std::string name(kElementMax, 'x');
        for (;;) {
            Result<Ref<Path>> longer = Path::create_child(path, name);
            if (!longer.ok()) {
                EXPECT_EQ(longer.error(), Error::kNameTooLong);
                break;
            }
            path = std::move(longer).value();
        }
        EXPECT_LE(path->length(), kPathMax);
        EXPECT_GT(path->length() + 1 + name.size(), kPathMax);
    });
}

TEST(Path, AChainOfThousandsGoesWithoutRecursion) {
    run_world([](World&) {
        const u64 before = memory_in_use();
        Ref<Path> path = must_make("/", {});
        for (usize i = 0; i < kPathMax / 2 - 1; ++i) {
            path = MUST(Path::create_child(std::move(path), "x"));
        }
        EXPECT_GT(memory_in_use(), before + 2000);
        path.reset();
        EXPECT_EQ(memory_in_use(), before);
    });
}

TEST(Path, BeginningsAreShared) {
    run_world([](World&) {
        const Ref<Path> parent = must_make("/", {"a"});
        const Ref<Path> first = MUST(Path::create_child(parent, "b"));
        const Ref<Path> second = MUST(Path::create_child(parent, "c"));
        EXPECT_EQ(parent->ref_count(), 3u);
        EXPECT_EQ(first->parent(), second->parent());
    });
}

}  // namespace
}  // namespace kernel::chan
