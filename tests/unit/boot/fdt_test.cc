// The device tree reader: reads what is right, refuses what is wrong with a reason, never looks
// outside.
#include "boot/fdt.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <random>

#include "tests/unit/boot/tree_builder.h"

namespace boot {
namespace {

using test::Blob;
using test::TreeBuilder;

/// Copies the blob to a heap block of exactly its size, so that the address sanitizer sees every
/// byte too far.
Result<Fdt> open_exact(const Blob& blob, std::unique_ptr<std::byte[]>& home, Complaint& complaint) {
    home = std::make_unique<std::byte[]>(blob.size());
    std::copy(blob.begin(), blob.end(), home.get());
    return Fdt::open({home.get(), blob.size()}, complaint);
}

std::string complaint_about(const Blob& blob) {
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Result<Fdt> tree = open_exact(blob, home, complaint);
    if (tree.ok()) return "accepted";
    EXPECT_EQ(tree.error(), Error::kBadFdt);
    EXPECT_FALSE(complaint.empty());
    return std::string(complaint.view());
}

/// Reads everything a tree has through the public calls.
usize read_all(const Fdt& tree) {
    usize seen = 0;
    for (std::optional<FdtNode> node = tree.root(); node; node = tree.next(*node)) {
        ++seen;
        seen += node->name.size();
        tree.for_each_property(*node, [&](const FdtProperty& property) {
            seen += property.name.size() + property.value.text().size();
            seen += property.value.cell(0).value_or(0) & 1;
            seen += property.value.number(0, 2).value_or(0) & 1;
            seen += property.value.lists("nothing") ? 1 : 0;
        });
    }
    for (usize i = 0; tree.reservation(i); ++i) ++seen;
    seen += tree.find("/soc/serial@10000000") ? 1 : 0;
    return seen;
}

Blob small_tree() {
    return TreeBuilder()
        .reserve(0x1000, 0x2000)
        .nop()
        .begin("")
        .nop()
        .cells("#size-cells", {2})
        .text("model", "small")
        .begin("a@1")
        .flag("empty")
        .begin("deep")
        .cells("n", {7, 8, 9})
        .end()
        .end()
        .begin("b")
        .end()
        .begin("a@2")
        .nop()
        .text("x", "y")
        .end()
        .end()
        .finish();
}

TEST(Fdt, WalksNodesInFileOrderWithTheirDepth) {
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Fdt tree = open_exact(small_tree(), home, complaint).value();
    std::vector<std::pair<std::string, usize>> seen;
    for (std::optional<FdtNode> node = tree.root(); node; node = tree.next(*node)) {
        seen.emplace_back(node->name, node->depth);
    }
    const std::vector<std::pair<std::string, usize>> expected = {
        {"", 0}, {"a@1", 1}, {"deep", 2}, {"b", 1}, {"a@2", 1}};
    EXPECT_EQ(seen, expected);
    EXPECT_EQ(tree.reservation(0), (PhysRange{.start = {0x1000}, .size = 0x2000}));
    EXPECT_FALSE(tree.reservation(1));
    EXPECT_FALSE(tree.reservation(100));
}

TEST(Fdt, FindsByPathWithAndWithoutUnitAddress) {
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Fdt tree = open_exact(small_tree(), home, complaint).value();
    EXPECT_EQ(tree.find("/")->depth, 0U);
    EXPECT_EQ(tree.find("/a@2")->name, "a@2");
    EXPECT_EQ(tree.find("/a")->name, "a@1");
    EXPECT_EQ(tree.find("/a/deep")->depth, 2U);
    EXPECT_EQ(tree.find("/b/")->name, "b");
    EXPECT_FALSE(tree.find("/deep"));
    EXPECT_FALSE(tree.find("/b/deep"));
    EXPECT_FALSE(tree.find("a"));
    EXPECT_FALSE(tree.find(""));
    EXPECT_FALSE(tree.find("@1"));
    EXPECT_FALSE(tree.find("/@1"));
    EXPECT_FALSE(tree.find("/a@"));
    EXPECT_FALSE(tree.find("/a@1@1"));
}

TEST(Fdt, SlashesInARowAreOne) {
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Fdt tree = open_exact(small_tree(), home, complaint).value();
    EXPECT_EQ(tree.find("//")->depth, 0U);
    EXPECT_EQ(tree.find("///a@1//deep//")->name, "deep");
}

TEST(Fdt, APathMayBeginWithAnAlias) {
    const Blob blob = TreeBuilder()
                          .begin("")
                          .begin("aliases")
                          .text("serial0", "/soc/serial@1")
                          .text("soc", "/soc")
                          .text("console", "serial0")
                          .text("self", "self")
                          .text("gone", "/soc/serial@2")
                          .end()
                          .begin("soc")
                          .begin("serial@1")
                          .end()
                          .end()
                          .end()
                          .finish();
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Fdt tree = open_exact(blob, home, complaint).value();
    EXPECT_EQ(tree.find("serial0")->name, "serial@1");
    EXPECT_EQ(tree.find("soc/serial")->name, "serial@1");
    EXPECT_EQ(tree.find("soc/")->name, "soc");
    EXPECT_FALSE(tree.find("soc/uart"));
    EXPECT_FALSE(tree.find("gone"));
    EXPECT_FALSE(tree.find("serial1"));
    EXPECT_FALSE(tree.find("console")) << "an alias of an alias is not followed";
    EXPECT_FALSE(tree.find("self"));
}

TEST(Fdt, ReadsValuesOfEveryShape) {
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    const Fdt tree = open_exact(small_tree(), home, complaint).value();
    EXPECT_EQ(tree.property(tree.root(), "model").text(), "small");
    EXPECT_FALSE(tree.property(tree.root(), "missing").present());
    const FdtValue empty = tree.property(*tree.find("/a@1"), "empty");
    EXPECT_TRUE(empty.present());
    EXPECT_EQ(empty.text(), "");
    const FdtValue n = tree.property(*tree.find("/a/deep"), "n");
    EXPECT_EQ(n.cell_count(), 3U);
    EXPECT_EQ(n.cell(2), 9U);
    EXPECT_FALSE(n.cell(3));
    EXPECT_EQ(n.number(1, 2), 0x0000'0008'0000'0009U);
    EXPECT_EQ(n.number(3, 0), 0U);
    EXPECT_FALSE(n.number(2, 2));
    EXPECT_FALSE(n.number(0, 3)) << "7 in the third word from the right does not fit";
    EXPECT_FALSE(n.number(~usize{0}, 2));
    EXPECT_FALSE(n.whole_number());
}

TEST(Fdt, ListsHoldWholeTexts) {
    const std::string_view raw("one\0two\0thr", 11);
    const FdtValue value(kernel::as_bytes(raw));
    EXPECT_TRUE(value.lists("one"));
    EXPECT_TRUE(value.lists("two"));
    EXPECT_TRUE(value.lists("thr"));
    EXPECT_FALSE(value.lists("tw"));
    EXPECT_FALSE(value.lists("three"));
    EXPECT_FALSE(FdtValue{}.lists("one"));
}

TEST(Fdt, EveryTruncationIsRefusedWithAReason) {
    for (const char* fixture : {"virt", "two_banks", "visionfive2_v1.3b_opensbi"}) {
        const Blob blob = test::load_fixture(fixture);
        ASSERT_EQ(complaint_about(blob), "accepted");
        for (usize size = 0; size < blob.size(); ++size) {
            const Blob cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size));
            ASSERT_NE(complaint_about(cut), "accepted") << fixture << " cut to " << size;
        }
    }
}

TEST(Fdt, ATruncationThatTheHeaderHidesIsRefusedOrReadWithinBounds) {
    const Blob blob = test::load_fixture("virt");
    for (usize size = kFdtHeaderSize; size < blob.size(); ++size) {
        Blob cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size));
        test::put_word(cut, 4, static_cast<u32>(size));
        std::unique_ptr<std::byte[]> home;
        Complaint complaint;
        const Result<Fdt> tree = open_exact(cut, home, complaint);
        if (tree.ok()) (void)read_all(tree.value());  // ignored: the sanitizer is the judge
    }
}

TEST(Fdt, RandomCorruptionIsRefusedOrReadWithinBounds) {
    const char* given = std::getenv("PROCYON_SEED");
    const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 20260101U;
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    const std::vector<Blob> sources = {test::load_fixture("virt"), test::load_fixture("two_banks"),
                                       small_tree()};
    usize accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        Blob blob = sources[random() % sources.size()];
        const unsigned changes = 1 + random() % 4;
        for (unsigned i = 0; i < changes; ++i) {
            // Half of the time a whole word, with values that hurt.
            if (random() % 2 == 0) {
                blob[random() % blob.size()] = static_cast<std::byte>(random());
            } else {
                constexpr std::uint32_t kHurt[] = {
                    0, 1, 2, 3, 4, 9, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc};
                test::put_word(blob, random() % (blob.size() / 4) * 4, kHurt[random() % 10]);
            }
        }
        std::unique_ptr<std::byte[]> home;
        Complaint complaint;
        const Result<Fdt> tree = open_exact(blob, home, complaint);
        if (tree.ok()) {
            ++accepted;
            (void)read_all(tree.value());  // ignored: the sanitizer is the judge
        } else {
            ASSERT_FALSE(complaint.empty());
        }
    }
    EXPECT_GT(accepted, 0U) << "the corruption is too harsh to test the readers, seed " << seed;
}

TEST(Fdt, EachLieGetsItsOwnComplaint) {
    const Blob good = small_tree();
    const auto with_word = [&](usize at, u32 word) {
        Blob blob = good;
        test::put_word(blob, at, word);
        return complaint_about(blob);
    };
    EXPECT_EQ(with_word(0, 0x12345678), "magic is 12345678, not d00dfeed");
    EXPECT_EQ(with_word(4, 0xffffffff), "absurd total size 4294967295");
    EXPECT_EQ(with_word(4, 8), "absurd total size 8");
    EXPECT_EQ(with_word(20, 16), "version 16 (compatible with 16) is not readable as 17");
    EXPECT_EQ(with_word(24, 18), "version 17 (compatible with 18) is not readable as 17");
    EXPECT_NE(with_word(8, 0xfffffffc).find("structure block"), std::string::npos);
    EXPECT_NE(with_word(12, 0xfffffff0).find("strings block"), std::string::npos);
    EXPECT_EQ(with_word(16, 0xfffffff0),
              "the memory reservations at 4294967280 are not inside 268 bytes");
    const auto last = static_cast<u32>(good.size() - 16);
    EXPECT_EQ(with_word(16, last + 1), "the memory reservations run over the end");
    EXPECT_EQ(complaint_about({}), "only 0 bytes: no room for a header");
}

TEST(Fdt, NoBlockMayLieInTheHeader) {
    const Blob good = small_tree();
    for (const auto& [field, what] : {std::pair<usize, std::string>{8, "structure block 39+"},
                                      {12, "strings block 39+"},
                                      {16, "the memory reservations at 39 are not inside"}}) {
        Blob blob = good;
        test::put_word(blob, field, kFdtHeaderSize - 1);
        EXPECT_EQ(complaint_about(blob).find(what), 0U) << complaint_about(blob);
    }
}

TEST(Fdt, ATreeMayLieAtAnyOffsetAndItsBlocksToo) {
    // The structure one byte further on, with one byte more at its end.
    Blob blob = small_tree();
    const auto word = [&](usize at) { return *FdtValue(blob).cell(at / 4); };
    const u32 structure = word(8);
    blob.insert(blob.begin() + structure, std::byte{0xff});
    for (const usize field : {4U, 8U, 12U, 36U}) test::put_word(blob, field, word(field) + 1);
    std::unique_ptr<std::byte[]> home;
    Complaint complaint;
    Blob moved(1, std::byte{0});
    moved.insert(moved.end(), blob.begin(), blob.end());
    home = std::make_unique<std::byte[]>(moved.size());
    std::copy(moved.begin(), moved.end(), home.get());
    const Result<Fdt> tree = Fdt::open({home.get() + 1, blob.size()}, complaint);
    ASSERT_TRUE(tree.ok()) << std::string(complaint.view());
    EXPECT_EQ(tree.value().property(*tree.value().find("/a/deep"), "n").cell(2), 9U);
}

TEST(Fdt, NoOperationsMayStandAnywhere) {
    const Blob blob = TreeBuilder().nop().begin("").nop().end().nop().nop().finish();
    EXPECT_EQ(complaint_about(blob), "accepted");
}

TEST(Fdt, BadStructuresGetTheirOwnComplaint) {
    EXPECT_EQ(complaint_about(TreeBuilder().finish()), "the tree has no root");
    EXPECT_EQ(complaint_about(TreeBuilder().nop().finish()), "the tree has no root");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("root").end().finish()),
              "the root at 0 has a name");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("").finish()),
              "the end token at 8 comes inside a node");
    EXPECT_EQ(complaint_about(TreeBuilder().end().finish()), "an end of no node at 0");
    EXPECT_EQ(complaint_about(TreeBuilder().text("a", "b").finish()), "a property of no node at 0");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("").end().begin("").end().finish()),
              "a second root at 12");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("").token(0x77).end().finish()),
              "unknown token 77 at 8");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("").token(3).token(400).token(0).end().finish()),
              "the property at 8 claims 400 bytes");
    EXPECT_EQ(complaint_about(TreeBuilder().begin("").token(3).token(0).token(99).end().finish()),
              "the property at 8 has its name at 99, outside the strings");
    EXPECT_EQ(
        complaint_about(TreeBuilder().begin("").token(3).token(0xffffffff).token(0).end().finish()),
        "the property at 8 claims 4294967295 bytes");
}

TEST(Fdt, NestingIsBounded) {
    const auto nested = [](usize depth) {
        TreeBuilder builder;
        builder.begin("");
        for (usize i = 0; i < depth; ++i) builder.begin("n");
        for (usize i = 0; i <= depth; ++i) builder.end();
        return builder.finish();
    };
    EXPECT_EQ(complaint_about(nested(kFdtMaxDepth)), "accepted");
    EXPECT_EQ(complaint_about(nested(kFdtMaxDepth + 1)), "nested deeper than 16 nodes");
    EXPECT_EQ(complaint_about(nested(5000)), "nested deeper than 16 nodes");
}

}  // namespace
}  // namespace boot
